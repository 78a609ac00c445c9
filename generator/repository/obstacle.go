package repository

import (
	"fmt"
	"strings"
)

// Why is why a folder with a repository cannot get a component.
type Why string

// What stands in the way, and what somebody can do about it.
const (
	// InTheWay: files of the kind that forges make, which Git does not have yet.
	// Commit or move them.
	InTheWay Why = "in-the-way"
	// Started: a first commit as forges make it. Say that the component comes on top.
	Started Why = "started"
	// HasCommits: there is more than a forge makes. Take another folder.
	HasCommits Why = "has-commits"
	// Changed: files that differ from the last commit. Commit them.
	Changed Why = "changed"
	// CaseDiffers: files of which the name differs from that of the component in case only.
	CaseDiffers Why = "case-differs"
	// Bare: a repository without a working tree. Clone it.
	Bare Why = "bare"
	// Detached: no branch is checked out. Switch to one.
	Detached Why = "detached"
	// Busy: git itself is at work.
	Busy Why = "busy"
	// Unusable: .git is not a repository that git would use, or leads elsewhere.
	Unusable Why = "unusable"
	// NoCommits: there is no commit yet that another can come on top of.
	NoCommits Why = "no-commits"
	// BranchExists: a new branch was asked for, with the name of one that is there.
	BranchExists Why = "branch-exists"
	// BadBranch: no name for a branch.
	BadBranch Why = "bad-branch"
)

// Obstacle says why a folder with a repository cannot get a component, as an
// error.
type Obstacle struct {
	Why   Why
	Names []string // of the files that it is about
}

// Error is part of error.
func (o Obstacle) Error() string {
	return fmt.Sprintf("the repository stands in the way (%s): %s", o.Why, strings.Join(o.Names, ", "))
}
