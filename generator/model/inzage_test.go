package model

import (
	"slices"
	"testing"
)

// TestSomebodyHandlesRequestsOfPersons: without a role that may, it stands in the
// list of what is still to be settled.
func TestSomebodyHandlesRequestsOfPersons(t *testing.T) {
	const what = "Wie verzoeken van betrokkenen behandelt"
	c := build(t, "../../examples/testdata/minimaal.yaml")
	open := func(items []OpenItem) bool {
		return slices.ContainsFunc(items, func(o OpenItem) bool { return o.What == what && o.Who == whoPrivacy })
	}
	if !open(c.OpenItems) || len(c.Process.Having("inzage")) != 0 {
		t.Errorf("nobody has the right, and yet %v", c.OpenItems)
	}
	role := c.Process.Roles[len(c.Process.Roles)-1]
	role.Rights = []string{"archief", "inzage"}
	if got := c.Process.Having("inzage"); len(got) != 1 || got[0] != role {
		t.Errorf("the roles with the right are %v", got)
	}
	b := &builder{c: c}
	c.OpenItems = nil
	if b.openPrivacy(); open(c.OpenItems) {
		t.Error("somebody has the right, and yet it is open")
	}
}
