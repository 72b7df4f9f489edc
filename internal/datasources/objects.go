package datasources

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// objectAttributes are the attributes of the objects in a list. Lists have an
// object type and not nested attributes, because `terraform test` can mock the
// rows of such lists only (hashicorp/terraform#37939). Object types have no
// descriptions, so the list's own description includes them.
type objectAttributes []objectAttribute

type objectAttribute struct {
	name        string
	attrType    attr.Type
	description string
}

// objectType returns the type of an object.
func (a objectAttributes) objectType() types.ObjectType {
	attributes := make(map[string]attr.Type, len(a))
	for _, attribute := range a {
		attributes[attribute.name] = attribute.attrType
	}

	return types.ObjectType{AttrTypes: attributes}
}

// describe returns a list in Markdown. The indentation makes it part of the item
// that an attribute is in generated documentation.
func (a objectAttributes) describe(indentation string) string {
	items := make([]string, 0, len(a))
	for _, attribute := range a {
		items = append(items, fmt.Sprintf("%s- `%s`: %s", indentation, attribute.name, attribute.description))
	}

	return strings.Join(items, "\n")
}
