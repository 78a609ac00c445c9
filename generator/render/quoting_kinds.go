package render

// plain are fields of the model that hold no words of the team: the generator
// chose them, or the model checked them against a closed list or a pattern
// without special characters. So does naming.Names, but for Raw.
var plain = map[string]bool{
	"model.Component.Module": true, "model.Entity.Schema": true, "model.Component.Licence": true,
	"model.Interaction.Colour": true, "model.Interaction.Theme": true,
	"model.Field.Type": true, "model.Field.GoType": true, "model.Field.BaseType": true,
	"model.Retention.From": true, "model.Field.SQLite": true, "model.Field.Postgres": true, "model.Field.OpenAPI": true, "model.Field.Change": true,
	"model.Example.JSON": true, "model.Example.Go": true, "model.Value.Go": true,
	"render.Data.EmbeddedElsewhere": true, "render.Data.OwnService": true, "render.Data.OwnGrantEnv": true, "model.Source.StandInEnv": true,
	"model.Auth.Wants": true, "model.Auth.Gives": true, "model.Operation.Nothing": true, "model.Find.Status": true,
	"model.Source.GrantEnv": true, "model.Source.AnswersFile": true, // made by encoding/json
	"model.Operation.Method":    true,
	"model.Operation.InputType": true, "model.Operation.AnswerType": true, "model.Operation.RequiredFields": true,
	"model.Process.Schema":      true,                                      // a schema of ours, or a reference to one
	"render.Data.SharedSchemas": true, "model.Process.SharedSchemas": true, // constants of package fieldtype
	"model.Parameter.Field": true, "model.Parameter.In": true, "model.Constant.In": true,
	"model.Auth.KeyEnv": true, "model.Auth.ClientIDEnv": true, "model.Auth.SecretEnv": true, "model.Auth.TokenURLEnv": true, "model.Auth.ScopeEnv": true, "model.Auth.ResourceEnv": true,
	"model.Auth.TokenCertEnv": true, "model.Auth.TokenKeyEnv": true, "model.Auth.TokenCAEnv": true,
	"openapi.Shape.Kind": true, "openapi.ShapeField.Go": true,
	"model.Input.From": true, "model.Input.Part": true, "model.Step.Kind": true,
	"model.Node.ID": true, "model.Node.Kind": true, "model.Node.Default": true, "model.Node.In": true, "model.Node.Out": true,
	"model.FSC.Group": true, "model.FSC.DirectoryOIN": true, "model.FSC.DirectoryManager": true, "model.FSC.ManagerAddress": true,
	"model.FSC.Manager": true, "model.FSC.ManagerForInway": true, "model.FSC.Controller": true, "model.FSC.ControllerAdmin": true,
	"model.FSC.TransactionLog": true, "model.FSC.InwayAddress": true, "model.FSC.OutwayAddress": true,
	"model.FSC.InwayHost": true, "model.FSC.OutwayHost": true,
	"model.FSC.Core": true, "model.FSC.Charts": true, "model.FSC.Images": true,
	"model.Fieldlab.Date": true, "model.Fieldlab.Year": true,
	"model.Growth.Entity": true, "model.Growth.NewField": true, "model.Growth.Field": true, "model.Growth.After": true, "model.Growth.NewStep": true,
	"model.Growth.Role": true, "model.Growth.Step": true, "model.Growth.NewName": true, "model.Growth.Source": true, "model.Growth.Activity": true,
	"model.Flow.ID": true, "model.Flow.From": true, "model.Flow.To": true, "model.Flow.Condition": true,
}

// quotersFor says which quoters fit in which kind of file. Kinds that are not
// here hold several languages or none: in a pack of somebody else they hold no
// words of a team.
var quotersFor = map[string][]string{
	".go":   {"goString", "goComment", "goExamples"},
	".sql":  {"sqlString", "createTable", "goComment"},
	".yaml": {"yaml", "json", "goComment"},
	".yml":  {"yaml", "json", "goComment"},
	".json": {"json"},
	".html": {"html"},
	".bpmn": {"xml"},
	".xml":  {"xml"},
	".svg":  {"xml"},
	".sh":   {"shell", "goComment"},
	".md":   {"md", "mdCell", "mdCode", "html", "shell", "json", "yaml"},
}
