//go:build !unix

package workspace

import "os/exec"

// separate does nothing: the context kills the command.
func separate(*exec.Cmd) {}

// KillGroup kills a command from Command, if it has not ended.
func KillGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = cmd.Process.Kill()
	}
}
