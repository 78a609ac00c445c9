package deliver

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// The rules.
const (
	ruleYAML = "deploy-yaml"

	ruleImageUser     = "deploy-image-user"
	ruleImageBase     = "deploy-image-base"
	ruleImageSecret   = "deploy-image-secret"
	ruleImageContext  = "deploy-image-context"
	ruleImageDownload = "deploy-image-download"
	ruleImagePort     = "deploy-image-port"

	ruleComposeHost  = "deploy-compose-host"
	ruleComposeImage = "deploy-compose-image"

	ruleKubeAPI       = "deploy-kube-api"
	ruleKubeHost      = "deploy-kube-host"
	ruleKubeSecret    = "deploy-kube-secret" // #nosec G101 -- A name.
	ruleKubeSecurity  = "deploy-kube-security"
	ruleKubeResources = "deploy-kube-resources"
	ruleKubeProbes    = "deploy-kube-probes"
	ruleKubeImage     = "deploy-kube-image"
	ruleKubeNetwork   = "deploy-kube-network"
	ruleKubeTLS       = "deploy-kube-tls"
	ruleKubeReplicas  = "deploy-kube-replicas"
	ruleKubePDB       = "deploy-kube-disruption"
	ruleKubeToken     = "deploy-kube-token" // #nosec G101 -- A name.

	ruleChartForm     = "deploy-chart-form"
	ruleChartName     = "deploy-chart-name"
	ruleChartSecret   = "deploy-chart-secret" // #nosec G101 -- A name.
	ruleChartDescribe = "deploy-chart-describe"
	ruleChartSchema   = "deploy-chart-schema"

	ruleHavenImage     = "deploy-haven-image"
	ruleHavenManifests = "deploy-haven-manifests"
	ruleHavenMetrics   = "deploy-haven-metrics"

	ruleCITests       = "deploy-ci-tests"
	ruleCITarget      = "deploy-ci-target"
	ruleCIInjection   = "deploy-ci-injection"
	ruleCISecret      = "deploy-ci-secret"
	ruleCIPinned      = "deploy-ci-pinned"
	ruleCIHash        = "deploy-ci-hash"
	ruleCIPermissions = "deploy-ci-permissions"
	ruleCIImage       = "deploy-ci-image"

	ruleSBOMForm    = "deploy-sbom-form"
	ruleSBOMCurrent = "deploy-sbom-current"

	ruleDepsFloating = "deploy-deps-floating"
	ruleDepsLocal    = "deploy-deps-local"
	ruleRuntime      = "deploy-runtime"
)

// Where it is asked.
const (
	haven       = "developer.overheid.nl, Haven (Kubernetes), Hoe maak ik mijn applicatie geschikt voor een Haven Cluster?"
	havenURL    = "https://developer.overheid.nl/kennisbank/devops/standaarden/haven"
	podSecurity = "Kubernetes, Pod Security Standards"
	podURL      = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"
	building    = "Docker, Building best practices"
	buildingURL = "https://docs.docker.com/build/building/best-practices/"
	buildChecks = "Docker, Build checks"
	checksURL   = "https://docs.docker.com/reference/build-checks/"
	compose     = "Docker, Compose file reference"
	composeURL  = "https://docs.docker.com/reference/compose-file/services/"
	helm        = "Helm, The Chart.yaml File"
	helmURL     = "https://helm.sh/docs/topics/charts/"
	actions     = "GitHub, Secure use reference"
	actionsURL  = "https://docs.github.com/en/actions/reference/security/secure-use"
)

// list are the rules in the order of the report.
func list() []check.Rule {
	var all []check.Rule
	rule := func(id string, severity check.Severity, source, url string, official ...string) {
		all = append(all, check.Rule{ID: id, Group: check.Delivery, Severity: severity, Source: source, URL: url, Official: official})
	}
	yields := func(rules ...string) { all[len(all)-1].Yields = rules }
	rule(ruleYAML, check.Error, "YAML 1.2.2", "https://yaml.org/spec/1.2.2/")
	rule(ruleImageSecret, check.Error, buildChecks+", SecretsUsedInArgOrEnv", checksURL+"secrets-used-in-arg-or-env/", "docker build: SecretsUsedInArgOrEnv")
	yields("secret-password", "secret-token", "secret-url")
	rule(ruleImageUser, check.Warning, building+", USER", buildingURL+"#user", "hadolint DL3002")
	rule(ruleImageBase, check.Warning, building+", Pin base image versions", buildingURL+"#pin-base-image-versions", "hadolint DL3006", "hadolint DL3007")
	rule(ruleImageDownload, check.Warning, building+", ADD or COPY", buildingURL+"#add-or-copy")
	rule(ruleImageContext, check.Warning, building+", Exclude with .dockerignore", buildingURL+"#exclude-with-dockerignore")
	rule(ruleImagePort, check.Note, podSecurity+", Restricted", podURL+"#restricted")
	rule(ruleComposeHost, check.Warning, compose, composeURL)
	rule(ruleComposeImage, check.Note, compose+", image", composeURL+"#image")
	kubernetes(rule)
	rule(ruleChartForm, check.Error, helm, helmURL, "helm lint")
	rule(ruleChartName, check.Warning, helm, helmURL)
	rule(ruleChartSecret, check.Warning, "Kubernetes, Good practices for Kubernetes Secrets", "https://kubernetes.io/docs/concepts/security/secrets-good-practices/")
	yields("secret-password", "secret-token", "secret-url")
	rule(ruleChartDescribe, check.Note, helm, helmURL)
	rule(ruleChartSchema, check.Note, "Helm, Schema Files", helmURL)
	rule(ruleHavenImage, check.Warning, haven, havenURL)
	rule(ruleHavenManifests, check.Note, haven, havenURL) // the half of the field has its charts in another repository
	rule(ruleHavenMetrics, check.Note, haven, havenURL)
	pipelines(rule)
	rule(ruleSBOMForm, check.Error, "CycloneDX 1.6; SPDX 2.3", "https://cyclonedx.org/docs/1.6/json/")
	rule(ruleSBOMCurrent, check.Warning, "CycloneDX 1.6, components", "https://cyclonedx.org/docs/1.6/json/")
	rule(ruleDepsLocal, check.Error, "Go Modules Reference, replace directive", "https://go.dev/ref/mod#go-mod-file-replace")
	rule(ruleDepsFloating, check.Warning, "npm, package.json; pip, Requirements File Format; Composer, Versions and constraints", "https://docs.npmjs.com/cli/configuring-npm/package-json#dependencies")
	rule(ruleRuntime, check.Warning, "Go Release Policy; Node.js Releases; Python Developer's Guide, Status of Python versions; PHP, Supported Versions ("+runtimesOf+")", "https://endoflife.date/")
	all = append(all,
		check.Rule{ID: "deploy-cluster", Group: check.Delivery, Severity: check.Note, By: check.Person, Source: "Haven (VNG), Haven Compliancy Checker", URL: "https://haven.commonground.nl/"},
	)
	return all
}

func kubernetes(rule func(id string, severity check.Severity, source, url string, official ...string)) {
	rule(ruleKubeAPI, check.Error, "Kubernetes, Deprecated API Migration Guide", "https://kubernetes.io/docs/reference/using-api/deprecation-guide/", "kubeconform", "kube-score: stable-version")
	rule(ruleKubeSecret, check.Error, "Kubernetes, Good practices for Kubernetes Secrets", "https://kubernetes.io/docs/concepts/security/secrets-good-practices/")
	rule(ruleKubeHost, check.Error, podSecurity+", Baseline", podURL+"#baseline", "kube-score: container-security-context-privileged")
	rule(ruleKubeSecurity, check.Warning, podSecurity+", Restricted", podURL+"#restricted",
		"kube-score: container-security-context-user-group-id", "kube-score: container-security-context-readonlyrootfilesystem", "kube-score: container-seccomp-profile")
	rule(ruleKubeResources, check.Warning, "Kubernetes, Resource Management for Pods and Containers", "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/", "kube-score: container-resources")
	rule(ruleKubeProbes, check.Warning, "Kubernetes, Liveness, Readiness, and Startup Probes", "https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/", "kube-score: pod-probes", "CommonGroundChecker: helmchart")
	rule(ruleKubeImage, check.Warning, "Kubernetes, Images, Image names", "https://kubernetes.io/docs/concepts/containers/images/", "kube-score: container-image-tag")
	rule(ruleKubeNetwork, check.Warning, "Kubernetes, Network Policies", "https://kubernetes.io/docs/concepts/services-networking/network-policies/", "kube-score: pod-networkpolicy")
	rule(ruleKubeTLS, check.Warning, "Kubernetes, Ingress, TLS", "https://kubernetes.io/docs/concepts/services-networking/ingress/#tls")
	rule(ruleKubeReplicas, check.Warning, haven, havenURL, "kube-score: deployment-replicas")
	rule(ruleKubePDB, check.Note, "Kubernetes, Specifying a Disruption Budget for your Application", "https://kubernetes.io/docs/tasks/run-application/configure-pdb/", "kube-score: deployment-has-poddisruptionbudget")
	rule(ruleKubeToken, check.Note, "Kubernetes, Configure Service Accounts for Pods", "https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/", "kube-score: pod-automount-service-account-token")
}

func pipelines(rule func(id string, severity check.Severity, source, url string, official ...string)) {
	standard := "Standard for Public Code 0.8.0, Use continuous integration"
	standardURL := "https://standard.publiccode.net/criteria/use-continuous-integration.html"
	rule(ruleCITarget, check.Error, actions, actionsURL)
	rule(ruleCIInjection, check.Error, "GitHub, Script injections", "https://docs.github.com/en/actions/concepts/security/script-injections", "actionlint: expression")
	rule(ruleCISecret, check.Warning, actions, actionsURL)
	rule(ruleCITests, check.Warning, standard, standardURL)
	rule(ruleCIPinned, check.Warning, actions, actionsURL)
	rule(ruleCIHash, check.Note, actions, actionsURL)
	rule(ruleCIPermissions, check.Note, actions, actionsURL)
	rule(ruleCIImage, check.Note, "GitLab, CI/CD YAML syntax reference, image", "https://docs.gitlab.com/ci/yaml/#image")
}
