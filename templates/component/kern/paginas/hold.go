package paginas

import (
	"net/http"
	"net/url"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Kindly is what the pages call it.
func (m mark) Kindly() string { return markTexts[m.Kind].short }

const kindHold = "bewaren"

type holdBody struct {
	Zaak     zaak
	Marks    []mark
	Held     bool
	Reason   fieldView
	Mistakes []summaryItem
}

// reasonField asks why a zaak is held.
var reasonField = Field{Name: "reden", Label: "Waarom wordt deze zaak niet vernietigd?", Kind: "longtext", Required: true, MaxLength: 1000,
	Help: "Bijvoorbeeld: er loopt een beroep. De reden wordt bij de zaak bewaard."}

// holdPage is where somebody with the right archief holds a zaak, or lets it go.
func (s *site) holdPage(v *visit) error {
	if err := v.entitled(identity.RightArchief); err != nil {
		return err
	}
	return v.showHold(http.StatusOK, nil, nil)
}

func (v *visit) showHold(status int, typed url.Values, mistakes []mistake) error {
	z, _, err := v.zaak()
	if err != nil {
		return err
	}
	body := holdBody{Zaak: z, Reason: newView("veld-reden", reasonField, typed, mistakes, nil)}
	if err := v.site.process.get(v.r.Context(), v.user(), marksAt(z.ID), &body.Marks); err != nil {
		return err
	}
	for _, m := range body.Marks {
		body.Held = body.Held || m.Kind == kindHold && m.Lifted == nil
	}
	for _, m := range mistakes {
		body.Mistakes = append(body.Mistakes, summaryItem{body.Reason.Focus(), m.Text})
	}
	return v.render(status, "bewaren", "Bewaren van zaak "+z.Identificatie, body)
}

// holdSubmit holds a zaak. That somebody else did so already is as good.
func (s *site) holdSubmit(v *visit) error {
	id, err := v.toHold()
	if err != nil {
		return err
	}
	data, mistakes := v.readForm([]Field{reasonField})
	if len(mistakes) > 0 {
		return v.showHold(http.StatusUnprocessableEntity, v.r.PostForm, mistakes)
	}
	_, err = s.process.do(v.r.Context(), call{method: http.MethodPost, path: marksAt(id), user: v.user(), internal: true,
		body: map[string]any{"soort": kindHold, "reden": data["reden"]}}, nil)
	if err != nil && statusOf(err) != http.StatusConflict {
		return err
	}
	return v.redirect("/zaken/" + url.PathEscape(id) + "/bewaren")
}

// letGoSubmit lets a zaak go that was held. That somebody else did so already is
// as good.
func (s *site) letGoSubmit(v *visit) error {
	id, err := v.toHold()
	if err != nil {
		return err
	}
	_, err = s.process.do(v.r.Context(), call{method: http.MethodPost, path: marksAt(id) + "/" + kindHold + "/opheffen", user: v.user(), internal: true}, nil)
	if err != nil && statusOf(err) != http.StatusNotFound {
		return err
	}
	return v.redirect("/zaken/" + url.PathEscape(id) + "/bewaren")
}

// toHold is the zaak that somebody with the right holds or lets go.
func (v *visit) toHold() (string, error) {
	if err := v.parse(nil); err != nil {
		return "", err
	}
	if v.anonymous() { // it is kept nowhere, so it is said once more
		return "", &lostForm{rows: v.typedRows([]Field{reasonField})}
	}
	if err := v.entitled(identity.RightArchief); err != nil {
		return "", err
	}
	id := v.r.PathValue("zaak")
	if !value.IsUUID(id) {
		return "", notFound()
	}
	return id, nil
}
