//go:build unix

package workspace

import (
	"os"
	"os/exec"
	"syscall"
)

// separate gives a command a process group of its own, and interrupts it when its
// context ends.
func separate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
}

// KillGroup kills the processes that are left of the group of a command from
// Command.
func KillGroup(cmd *exec.Cmd) {
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
}
