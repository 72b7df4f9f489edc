package client

import "errors"

// List is an array in a response, and the total beside it.
type List[T any] struct {
	Rows []T

	// Total is the value of the key total as a text. Empty: there is none.
	Total string

	isArray bool // it is neither null nor absent
}

// DecodeList reads a body that is an object with an array of rows under a key. It
// calls element to read each row. A null list, an empty object and an empty array
// have no rows. An object with other keys but without the list is an error. what
// names the list in errors. If the body contains an error in spite of its status,
// DecodeList returns that error.
func DecodeList[T any](resp *Response, what, key string, element func(*Decoder, *T) error) (List[T], error) {
	const page = 200 // the initial capacity, in rows
	list := List[T]{Rows: make([]T, 0, page)}
	isPresent, isEmpty := false, true
	var others errorFields
	err := resp.Decode(what, func(d *Decoder) error {
		if d.json.PeekKind() == '[' {
			return d.array(func() error { return d.wrongType('[') })
		}
		return d.Object(func(name string) error {
			isEmpty = false
			switch name {
			case key:
				isPresent, list.isArray = true, d.json.PeekKind() == '['
				return d.List(func() error {
					list.Rows = append(list.Rows, *new(T))
					return element(d, &list.Rows[len(list.Rows)-1])
				})
			case "total":
				return d.lenientText(&list.Total)
			default:
				return others.field(d, name, maxErrorLevels)
			}
		})
	})
	if err == nil {
		err = others.failure(len(list.Rows))
	}
	if err == nil && !isPresent && !isEmpty {
		err = errors.New(what + " is missing")
	}
	if err != nil {
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
	if err == nil {
		err = others.failure(known)
	}
	if err == nil && known == 0 {
		err = errors.New(what + " is missing")
	}

	return err
}
