package answers

// odd are ways in which teams really write, and some in which only a test does.
var odd = map[string]string{
	"json": `{"version": 1, "component": {"name": "proef", "title": "Proef", "organisation": {"name": "Gemeente Proef"}},
 "register": [{"name": "boom", "fields": [{"name": "soort", "type": "text"}]}],
 "process": {"roles": [{"name": "m", "audience": "employee"}], "steps": [
   {"name": "a", "kind": "task", "role": "m", "next": "b"},
   {"name": "b", "kind": "end"}
 ]}}
`,
	"four": `version: 1
component:
    name: proef
    title: "Proef"
    organisation:
        name: "Gemeente Proef"
register:
-   name: boom
    fields:
    -   name: soort
        type: enum
        values:
        - eik
        # geen spar
        - beuk

    -   name: 'hoog'
        type: 'integer'
        title: 'Hoe hoog?'
privacy: {activities: [
    {name: a,
     title: B}, # eerste
    {name: c},
  ]}
`,
	"loose": `# kop

---
version:   1
component: # wie
  # naam
  name: proef   # kort
  title: >-
    Proef van
    twee regels

  summary: |
    Regel een

      ingesprongen
    # geen commentaar
  organisation: {name: Gemeente Proef, # naam
    oin: '00000001001299757000'}
  contact:
    name: "Team \
      Proef"
    email: 'team@
      x.nl'
'register':
    -
      name: boom
      # over de velden
      fields:
          - {
              name: soort,
              type: text,   # soort
              help: lange
                tekst
            }
          - name: x
            type: text
            required: false
      retention: # termijn
        period: P1Y
        # staart

    # tussen
    -     name: struik
          fields: [{name: y, type: text}]
process:
  subject: boom
  roles:
    - {name: m, audience: employee}
  steps:
    # begin
    - {name: a, kind: decide, role: m, outcomes: {ja: b, "nee": c}}
    - {name: b, kind: end}

    - {name: c, kind: end}   # klaar
delivery: {ci: [
  github
]}
fsc:
# einde
`,
	"bare": "version: 1\ncomponent: {title: Proef, organisation: {name: G}}\nregister:\nsources: ~\nprocess:\n  steps:\n  -   name: a\n      kind: task\n      role:\n      next: b\n  - ? name\n    : b\n    kind: end\n...\n",
}
