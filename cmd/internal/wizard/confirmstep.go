package wizard

// confirmStep is a question with yes or no as its answer.
type confirmStep struct {
	id, part string
	keys     []string
	when     func(*session) bool
	get      func(*session) bool
	set      func(*session, bool)
}

func (c confirmStep) step() step {
	return step{id: c.id, part: c.part, keys: c.keys, when: c.when,
		ask: func(s *session, st step) error {
			yes, err := s.prompter.Confirm(s.question(st, ""), c.get(s))
			if err == nil {
				c.set(s, yes)
			}
			return err
		},
		show: func(s *session) string {
			if c.get(s) {
				return s.text.T("wizard.yes")
			}
			return s.text.T("wizard.no")
		},
	}
}
