package client

import (
	"errors"
	"fmt"
)

// List is an array in a response, and the total beside it.
type List[T any] struct {
	Rows []T

	// Total is the value of the key total as a text. Empty: there is none.
	Total string

	isPresent bool // as an array or null
	isArray   bool
	hasKeys   bool // the body is an object with at least one key
}

// DecodeList reads a body that is an object with an array of rows under a key. It
// calls element to read each row. A null list, an empty object and an empty array
// have no rows. An object with other keys but without the list is an error. what
// names the list in errors. If the body contains an error in spite of its status,
// DecodeList returns that.
func DecodeList[T any](resp *Response, what, key string, element func(*Decoder, *T) error) (List[T], error) {
	const page = 200 // the initial capacity, in rows
	list := List[T]{Rows: make([]T, 0, page)}
	var others errorFields
	err := resp.Decode(what, func(d *Decoder) error {
		if d.kind() == '[' {
			list.isPresent = true
			return d.array(func() error { return d.wrongType('[') })
		}
		return d.Object(func(name string) error {
			list.hasKeys = true
			switch name {
			case key:
				list.isPresent, list.isArray = true, d.kind() == '['
				return d.List(func() error {
					list.Rows = append(list.Rows, *new(T))
					return element(d, &list.Rows[len(list.Rows)-1])
				})
			case "total":
				return d.LenientText(&list.Total)
			default:
				return others.field(d, name, maxErrorLevels)
			}
		})
	})
	switch {
	case err != nil:
		return List[T]{}, err
	case list.hasKeys && !list.isPresent:
		if err := others.failure(0); err != nil {
			return List[T]{}, err
		}
		return List[T]{}, errors.New(what + " is missing")
	}
	if err := others.failure(len(list.Rows)); err != nil {
		return List[T]{}, err
	}

	return list, nil
}

// DecodeObject reads a body that is an object. It calls member to read the value
// of each key; member reports whether it knows the key, and reads nothing
// otherwise. An object without a known key is an error. what names the object in
// errors. If the body contains an error in spite of its status, DecodeObject
// returns that.
func DecodeObject(resp *Response, what string, member func(d *Decoder, key string) (known bool, err error)) error {
	var others errorFields
	known := 0
	err := resp.Decode(what, func(d *Decoder) error {
		return d.Object(func(key string) error {
			isKnown, err := member(d, key)
			if isKnown || err != nil {
				known++
				return err
			}
			return others.field(d, key, maxErrorLevels)
		})
	})
	if err != nil {
		return err
	}
	if err := others.failure(known); err != nil {
		return err
	}
	if known == 0 {
		return fmt.Errorf("%s is missing", what)
	}

	return nil
}
