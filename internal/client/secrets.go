package client

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// secrets are the parts of a request that must never be shown. Services repeat
// some of them in error messages (CLOUD.md 2.3), and may repeat all. The search
// ignores letter case, unprintable characters and line breaks, and finds secrets
// in base64, in hex and in escaped text. Nil is an empty set.
type secrets struct {
	patterns []pattern
	starts   []uint64 // a bit set of the hashes of the patterns' first bytes
	room     layers   // buffers of in, which is not safe for concurrent use
}

// pattern is a form of a secret, folded.
type pattern struct {
	text   string
	shown  string // the replacement
	inRows bool   // decoded values must not contain it
}

const (
	// minSecret is the length of the shortest text that is hidden, because shorter
	// ones occur in any text.
	minSecret = 4

	// minInRows is the length of the shortest secret that decoded values must not
	// contain, because a shorter one may occur by chance.
	minInRows = 8

	// minPrefix is the length of the shortest prefix of a secret that is hidden,
	// because a service may truncate what it repeats.
	minPrefix = 16

	// maxEscapes is the number of levels of escaping that are searched.
	maxEscapes = 4

	// spare is how much of a text is searched beyond the part that is shown. A prefix
	// of a secret with escapes in it may be that long.
	spare = 32 * minPrefix

	hidden = "****"
)

// add adds all forms of a secret.
func (s *secrets) add(secret, shown string, inRows bool) {
	inRows = inRows && len(secret) >= minInRows
	s.addPattern(pattern{fold(secret), shown, inRows})
	for _, form := range encoded(secret) {
		if len(form) >= 2*minSecret {
			s.addPattern(pattern{fold(form), shown, inRows})
		}
	}
}

func (s *secrets) addPattern(p pattern) {
	if len(p.text) < minSecret {
		return
	}
	if s.starts == nil {
		s.starts = make([]uint64, 1<<16/64)
	}
	start := hashStart([]byte(p.text))
	s.starts[start/64] |= 1 << (start % 64)
	s.patterns = append(s.patterns, p)
}

// hashStart returns a hash of the first minSecret bytes, in 16 bits.
func hashStart(text []byte) uint32 { return binary.LittleEndian.Uint32(text) * 2654435761 >> 16 }

// encoded returns a secret in hex, as a field of a form, and in base64. In base64
// there are three forms, because it depends on the number of bytes before the
// secret.
func encoded(secret string) []string {
	forms := []string{hex.EncodeToString([]byte(secret))}
	if strings.Contains(secret, " ") {
		forms = append(forms, url.QueryEscape(secret)) // a form has a plus sign in place of a space
	}
	for before := range 3 {
		text := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
		// The digits at the ends contain bits of the bytes around the secret.
		first := (8*before + 5) / 6
		last := 8 * (before + len(secret)) / 6
		forms = append(forms, text[min(first, last):last])
	}

	return forms
}

// folded returns the form of a character that is compared, and false for one that
// the search ignores: invisible characters and those that are not part of a word.
// Both alphabets of base64 have the same form.
func folded(r rune) (rune, bool) {
	switch {
	case r <= ' ' || r == 0x7f:
		return 0, false
	case 'A' <= r && r <= 'Z':
		return r + 'a' - 'A', true
	case r == '-':
		return '+', true
	case r == '_':
		return '/', true
	case r < utf8.RuneSelf:
		return r, true
	case r == utf8.RuneError, strings.ContainsRune("\u115f\u1160\u3164\uffa0", r): // invisible letters
		return 0, false
	default:
		return r, unicode.IsLetter(r) || unicode.IsNumber(r)
	}
}

func fold(text string) string { return string(appendFolded(nil, text)) }

func appendFolded(to []byte, text string) []byte {
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			if c = foldedASCII[c]; c != 0 {
				to = append(to, c)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r, ok := folded(r); ok {
			to = utf8.AppendRune(to, r)
		}
		i += size
	}

	return to
}

// foldedASCII is a table of folded for ASCII; 0 for an ignored character.
var foldedASCII = func() (table [utf8.RuneSelf]byte) {
	for c := range table {
		if r, ok := folded(rune(c)); ok {
			table[c] = byte(r)
		}
	}
	return table
}()

// span is a part of a text.
type span struct {
	from, to int
	shown    string // the replacement
}

// find calls found with each part of a folded text that is a secret, or a prefix
// of one of at least minPrefix bytes, in order. Parts may overlap.
func (s *secrets) find(text []byte, found func(span, pattern)) {
	for i := 0; i+minSecret <= len(text); {
		next := i + 1
		if start := hashStart(text[i:]); s.starts[start/64]&(1<<(start%64)) != 0 {
			for _, p := range s.patterns {
				n := samePrefix(text[i:], p.text)
				if n < min(len(p.text), minPrefix) {
					continue
				}
				part := span{i, i + n, p.shown}
				if n < len(p.text) {
					part.shown = hidden
				}
				found(part, p)
				// Skip most of a long match, because a search at each position of it
				// would be slow. Another secret that begins near its end is found.
				if n > 4*minPrefix {
					next = max(next, i+n-minPrefix)
				}
			}
		}
		i = next
	}
}

func samePrefix(text []byte, with string) int {
	n := min(len(text), len(with))
	for i := range n {
		if text[i] != with[i] {
			return i
		}
	}

	return n
}

// in reports whether a decoded value contains a secret of at least minInRows
// characters.
func (s *secrets) in(text string) (repeated bool) {
	if s == nil || s.starts == nil || len(text) < minInRows {
		return false
	}
	found := func(_ span, p pattern) { repeated = repeated || p.inRows }
	if hasEscapes(text) {
		s.findBelowEscapes(text, &s.room, found)
	} else {
		s.room.compared = appendFolded(s.room.compared[:0], text)
		s.find(s.room.compared, found)
	}

	return repeated
}

// hide returns the first end bytes of a clean text, with the secrets replaced.
// Secrets may extend beyond end.
func (s *secrets) hide(text string, end int) string {
	if s == nil || s.starts == nil {
		return text[:end]
	}
	var parts []span
	s.findBelowEscapes(text, &layers{withPlaces: true}, func(part span, _ pattern) { parts = append(parts, part) })
	slices.SortFunc(parts, func(a, b span) int { return cmp.Or(a.from-b.from, b.to-a.to) })

	var shown strings.Builder
	done := 0
	for _, part := range parts {
		if part.from >= end {
			break
		}
		if part.from >= done {
			shown.WriteString(text[done:part.from])
			shown.WriteString(part.shown)
		}
		done = max(done, part.to)
	}
	if done < end {
		shown.WriteString(text[done:end])
	}

	return shown.String()
}

// shown returns a text of the service without secrets and unprintable characters,
// at most limit characters of it.
func (s *secrets) shown(text string, limit int) string {
	const window = 64 << 10 // bytes; more than limit, because cleaning shortens the text

	return s.beginningOf([]byte(text), window, limit)
}

// beginning returns the beginning of a body for logs, without secrets.
func (s *secrets) beginning(body []byte) []byte {
	const most = 4 << 10

	return []byte(s.beginningOf(body, most, most))
}

// snippet returns the beginning of a body for an error message, without secrets.
func (s *secrets) snippet(body []byte) string {
	if len(bytes.TrimSpace(body)) == 0 {
		return "the response has no body"
	}
	text := s.beginningOf(body, 8<<10, maxSnippet)
	if text == "" {
		return "the body holds no text"
	}

	return "the body begins with: " + text
}

// beginningOf cleans the first window bytes of a text, hides the secrets that
// begin in them, and returns at most limit characters. It hides secrets before it
// truncates, so that no part of a secret is left.
func (s *secrets) beginningOf(text []byte, window, limit int) string {
	cleaned, whole := clean(text, window+spare)
	until := len(cleaned)
	if !whole {
		for until = min(until, window); until > 0 && until < len(cleaned) && !utf8.RuneStart(cleaned[until]); {
			until--
		}
	}

	return truncate(s.hide(cleaned, until), limit, whole)
}

// sentSecrets are the secrets of several requests. It is safe for concurrent use.
type sentSecrets struct {
	mu       sync.Mutex
	patterns map[pattern]bool
}

func (s *sentSecrets) add(of *secrets) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.patterns == nil {
		s.patterns = map[pattern]bool{}
	}
	for _, p := range of.patterns {
		s.patterns[p] = true
	}
}

// shown is [secrets.shown] for a text that may quote a response to any of the
// requests.
func (s *sentSecrets) shown(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all secrets
	for p := range s.patterns {
		all.addPattern(p)
	}

	return all.shown(text, maxMessage)
}
