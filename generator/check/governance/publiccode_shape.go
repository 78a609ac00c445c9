package governance

// kind is what a value of publiccode.yml has to be.
type kind int

const (
	textKind     kind = iota
	boolKind          // true or false
	listKind          // of item
	objectKind        // with keys
	languageKind      // a map from a language to item
	oneOrMore         // one item or a list of them
)

// shape is what a part of publiccode.yml may hold.
type shape struct {
	kind kind
	keys []key
	item *shape
	test func(*publiccode, value) // of a text that is there
}

// key is a key of an object.
type key struct {
	name       string
	required   bool
	deprecated string // what takes its place; "-" when nothing does
	shape      *shape
}

func text(test func(*publiccode, value)) *shape { return &shape{kind: textKind, test: test} }

func list(item *shape) *shape { return &shape{kind: listKind, item: item} }

func object(keys ...key) *shape { return &shape{kind: objectKind, keys: keys} }

// publiccodeShape is format 0.7.0, as the struct PublicCodeV0 of publiccode-parser-go has it.
func publiccodeShape() *shape {
	free := text(nil)
	flag := &shape{kind: boolKind}
	web := text((*publiccode).webAddress)
	organisation := object(
		key{name: "name", shape: free},
		key{name: "uri", required: true, shape: text((*publiccode).organisationURI)},
	)
	dependency := list(object(
		key{name: "name", required: true, shape: free},
		key{name: "versionMin", shape: free}, key{name: "versionMax", shape: free},
		key{name: "optional", shape: flag}, key{name: "version", shape: free},
	))
	italy := italianShape(free, flag)
	return object(
		key{name: "publiccodeYmlVersion", required: true, shape: text((*publiccode).version)},
		key{name: "name", required: true, shape: free},
		key{name: "applicationSuite", shape: free},
		key{name: "url", required: true, shape: text((*publiccode).address)},
		key{name: "landingURL", shape: web},
		key{name: "isBasedOn", shape: &shape{kind: oneOrMore, item: text((*publiccode).address)}},
		key{name: "softwareVersion", shape: free},
		key{name: "releaseDate", shape: text((*publiccode).date)},
		key{name: "logo", shape: text(fileOf(".svg", ".svgz", ".png"))},
		key{name: "monochromeLogo", deprecated: "logo", shape: text(fileOf(".svg", ".svgz", ".png"))},
		key{name: "organisation", shape: organisation},
		key{name: "inputTypes", deprecated: "-", shape: list(text((*publiccode).mime))},
		key{name: "outputTypes", deprecated: "-", shape: list(text((*publiccode).mime))},
		key{name: "platforms", required: true, shape: list(free)},
		key{name: "categories", shape: list(text(known(categories)))},
		key{name: "usedBy", shape: list(free)},
		key{name: "fundedBy", shape: list(organisation)},
		key{name: "roadmap", shape: web},
		key{name: "developmentStatus", required: true, shape: text(oneOf("concept", "development", "beta", "stable", "obsolete"))},
		key{name: "softwareType", required: true, shape: text(oneOf("standalone/mobile", "standalone/iot", "standalone/desktop", "standalone/web", "standalone/backend", "standalone/other", "addon", "library", "configurationFiles"))},
		key{name: "supports", shape: list(object(key{name: "id", required: true, shape: text((*publiccode).support)}))},
		key{name: "intendedAudience", shape: object(
			key{name: "scope", shape: list(text(known(scopes)))},
			key{name: "countries", shape: list(text((*publiccode).country))},
			key{name: "unsupportedCountries", shape: list(text((*publiccode).country))})},
		key{name: "description", required: true, shape: &shape{kind: languageKind, item: descriptionShape(free, web)}},
		key{name: "legal", required: true, shape: object(
			key{name: "license", required: true, shape: text((*publiccode).license)},
			key{name: "mainCopyrightOwner", shape: free},
			key{name: "repoOwner", deprecated: "organisation.name", shape: free},
			key{name: "authorsFile", deprecated: "-", shape: text(fileOf())})},
		key{name: "maintenance", required: true, shape: maintenanceShape(free, web)},
		key{name: "localisation", required: true, shape: object(
			key{name: "localisationReady", required: true, shape: flag},
			key{name: "availableLanguages", required: true, shape: list(text((*publiccode).language))})},
		key{name: "dependsOn", shape: object(key{name: "open", shape: dependency}, key{name: "proprietary", shape: dependency}, key{name: "hardware", shape: dependency})},
		key{name: "IT", shape: italy},
		key{name: "it", deprecated: "IT", shape: italy},
	)
}

// italianShape is the only section of a country that the format ever had.
func italianShape(free, flag *shape) *shape {
	return object(
		key{name: "countryExtensionVersion", shape: text(oneOf("0.2", "1.0"))},
		key{name: "conforme", deprecated: "-", shape: object(
			key{name: "lineeGuidaDesign", shape: flag}, key{name: "modelloInteroperabilita", shape: flag},
			key{name: "misureMinimeSicurezza", shape: flag}, key{name: "gdpr", shape: flag})},
		key{name: "riuso", shape: object(key{name: "codiceIPA", deprecated: "organisation.uri", shape: free})},
		key{name: "piattaforme", shape: object(
			key{name: "spid", shape: flag}, key{name: "pagopa", shape: flag}, key{name: "cie", shape: flag},
			key{name: "anpr", shape: flag}, key{name: "io", shape: flag})},
	)
}

func descriptionShape(free, web *shape) *shape {
	return object(
		key{name: "localisedName", shape: free},
		key{name: "genericName", deprecated: "-", shape: text(length(0, 35))},
		key{name: "shortDescription", required: true, shape: text(length(0, 150))},
		key{name: "longDescription", required: true, shape: text(length(150, 10000))},
		key{name: "documentation", shape: web},
		key{name: "apiDocumentation", shape: web},
		key{name: "features", required: true, shape: list(free)},
		key{name: "screenshots", shape: list(text(fileOf(".jpg", ".png")))},
		key{name: "videos", shape: list(web)},
		key{name: "awards", shape: list(free)},
	)
}

func maintenanceShape(free, web *shape) *shape {
	email := text((*publiccode).email)
	return object(
		key{name: "type", required: true, shape: text(oneOf("internal", "contract", "community", "none"))},
		key{name: "contractors", shape: list(object(
			key{name: "name", required: true, shape: free}, key{name: "email", shape: email}, key{name: "website", shape: web},
			key{name: "until", required: true, shape: text((*publiccode).date)}))},
		key{name: "contacts", shape: list(object(
			key{name: "name", required: true, shape: free}, key{name: "email", shape: email},
			key{name: "affiliation", shape: free}, key{name: "phone", shape: free}))},
	)
}

const categories = ` accounting agile-project-management applicant-tracking application-development appointment-scheduling backup
billing-and-invoicing blog budgeting business-intelligence business-process-management cad call-center-management cloud-management
collaboration communications compliance-management contact-management content-management crm customer-service-and-support data-analytics
data-collection data-visualization design design-system digital-asset-management digital-citizenship document-management donor-management
e-commerce e-signature educational-content email-management email-marketing employee-management enterprise-project-management
enterprise-social-networking erp event-management facility-management feedback-and-reviews-management financial-reporting fleet-management
fundraising gamification geographic-information-systems grant-management graphic-design help-desk hr ide identity-management instant-messaging
integrated-library-system inventory-management it-asset-management it-development it-management it-security it-service-management
knowledge-management learning-management-system marketing mind-mapping mobile-marketing mobile-payment network-management office online-booking
online-community payment-gateway payroll predictive-analysis procurement productivity-suite project-collaboration project-management
property-management real-estate-management regulations-and-directives remote-support resource-management sales-management seo service-desk
social-media-management survey talent-management task-management taxes-management test-management time-management time-tracking translation
video-conferencing video-editing visitor-management voip warehouse-management web-collaboration web-conferencing whistleblowing website-builder
workflow-management other `

const scopes = ` agriculture culture defence education emergency-services employment energy environment finance-and-economic-development
foreign-affairs government healthcare infrastructures justice local-authorities manufacturing research science-and-technology security society
sport tourism transportation welfare `

const supportAliases = ` gdpr eidas nis2 cra spid cie anpr pagopa io `

// formatVersions are the versions that the official parser takes.
const formatVersions = ` 0 0.2 0.2.0 0.2.1 0.2.2 0.3 0.3.0 0.4 0.4.0 0.5.0 0.5 0.7.0 0.7 `
