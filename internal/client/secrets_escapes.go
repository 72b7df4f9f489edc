package client

import (
	"encoding/binary"
	"encoding/hex"
	"html"
	"strings"
	"unicode/utf8"
)

// findBelowEscapes is find in a text and in each of its unescaped forms. The
// positions of the parts are those in the text if l.withPlaces is set, and
// meaningless otherwise.
func (s *secrets) findBelowEscapes(text string, l *layers, found func(span, pattern)) {
	l.begin(text)
	for range 1 + maxEscapes {
		l.compared = l.compared[:0]
		for _, c := range l.above.text {
			if c < utf8.RuneSelf {
				c = foldedASCII[c]
			}
			l.compared = append(l.compared, c)
		}
		s.find(l.compared, func(part span, p pattern) {
			if l.withPlaces {
				part.from, part.to = int(l.above.from[part.from]), int(l.above.to[part.to-1])
			}
			found(part, p)
		})
		l.unescape()
		if len(l.below.text) == len(l.above.text) {
			return // no escape is left, because each is longer than its meaning
		}
		l.above, l.below = l.below, l.above
	}
}

// layers are two forms of a text without ignored characters: above is the current
// one, and below is the same with its outermost escapes resolved.
type layers struct {
	above, below layer
	withPlaces   bool   // false saves memory
	compared     []byte // above, folded
}

// layer is one form of a text. With places, from and to are the position of each
// byte in the original text.
type layer struct {
	text     []byte
	from, to []int32
}

func (l *layer) clear() { l.text, l.from, l.to = l.text[:0], l.from[:0], l.to[:0] }

func (l *layers) begin(text string) {
	l.above.clear()
	for i, r := range text {
		l.add(&l.above, r, i, i+utf8.RuneLen(r))
	}
}

func (l *layers) unescape() {
	l.below.clear()
	for i := 0; i < len(l.above.text); {
		meaning, size := unescape(l.above.text[i:])
		if size == 0 {
			_, size = utf8.DecodeRune(l.above.text[i:])
			meaning = string(l.above.text[i : i+size])
		}
		from, to := 0, 0
		if l.withPlaces {
			from, to = int(l.above.from[i]), int(l.above.to[i+size-1])
		}
		for _, r := range meaning {
			l.add(&l.below, r, from, to)
		}
		i += size
	}
}

// add appends a character to a layer unless the search ignores it.
func (l *layers) add(to *layer, r rune, begin, end int) {
	if _, ok := folded(r); !ok {
		return
	}
	to.text = utf8.AppendRune(to.text, r)
	for l.withPlaces && len(to.from) < len(to.text) {
		to.from, to.to = append(to.from, int32(begin)), append(to.to, int32(end)) //nolint:gosec // texts are bounded
	}
}

// hasEscapes reports whether a text may contain an escape.
func hasEscapes(text string) bool { return strings.ContainsAny(text, `\%&`) }

// unescape returns the meaning and the size in bytes of the escape of JSON, HTML,
// C or a URL that a text begins with. The size is 0 if it begins with none.
func unescape(text []byte) (meaning string, size int) {
	switch text[0] {
	case '&':
		end := 1
		for end < min(len(text), 40) && (text[end] == '#' || isAlphanumeric(text[end])) {
			end++
		}
		if end < len(text) && text[end] == ';' {
			end++
		}
		entity := string(text[:end])
		if meaning = html.UnescapeString(entity); meaning != entity {
			return meaning, end
		}
		return "", 0
	case '%':
		return unescapeBytes(text, "%")
	case '\\':
	default:
		return "", 0
	}

	switch {
	case len(text) < 2:
		return "", 0
	case text[1] == 'x':
		return unescapeBytes(text, `\x`)
	case text[1] == 'u':
		code, ok := hexadecimal(text, `\u`, 4)
		if !ok {
			return "", 0
		}
		return string(code), 6
	case strings.IndexByte("nrtbfv", text[1]) >= 0:
		return "", 2 // white space
	case strings.IndexByte(`"'/\`, text[1]) >= 0:
		return string(text[1]), 2
	default:
		return "", 0
	}
}

// unescapeBytes reads one character, of which each byte is written as the mark and
// two hexadecimal digits.
func unescapeBytes(text []byte, mark string) (meaning string, size int) {
	var character [utf8.UTFMax]byte
	for n := range character {
		code, ok := hexadecimal(text[size:], mark, 2)
		if !ok {
			return string(character[:n]), size
		}
		character[n] = byte(code) //nolint:gosec // two digits
		size += len(mark) + 2
		if utf8.FullRune(character[:n+1]) {
			return string(character[:n+1]), size
		}
	}

	return string(character[:]), size
}

// hexadecimal reads the mark and the given number of hexadecimal digits at the
// beginning of a text.
func hexadecimal(text []byte, mark string, digits int) (code rune, ok bool) {
	end := len(mark) + digits
	if len(text) < end || string(text[:len(mark)]) != mark {
		return 0, false
	}
	var value [2]byte
	_, err := hex.Decode(value[2-digits/2:], text[len(mark):end])

	return rune(binary.BigEndian.Uint16(value[:])), err == nil
}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}
