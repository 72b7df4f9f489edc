package functions

import "fmt"

// maxQuoted is how much of an argument an error quotes, in characters: an
// argument may be a whole file by mistake.
const maxQuoted = 200

// quote returns an argument as errors show it, on one line and printable.
func quote(argument string) string {
	characters := []rune(argument)
	if len(characters) <= maxQuoted {
		return fmt.Sprintf("%q", argument)
	}

	return fmt.Sprintf("%q and %d more characters", string(characters[:maxQuoted]), len(characters)-maxQuoted)
}
