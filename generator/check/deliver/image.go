package deliver

import "strings"

// image is a reference to a container image.
type image struct {
	name   string // with its registry, without a version
	tag    string
	digest bool
}

// parseImage cuts a reference to an image.
func parseImage(text string) image {
	text = strings.TrimPrefix(strings.TrimSpace(text), "docker://")
	ref := image{name: text}
	if name, _, found := strings.Cut(text, "@"); found {
		ref.name, ref.digest = name, true
	}
	if at := strings.LastIndexByte(ref.name, ':'); at > strings.LastIndexByte(ref.name, '/') {
		ref.name, ref.tag = ref.name[:at], ref.name[at+1:]
	}
	return ref
}

// floats says whether it is another image tomorrow without anybody choosing so.
func (i image) floats() bool {
	return !i.digest && (i.tag == "" || i.tag == "latest")
}

// how is the case of a finding about one that floats.
func (i image) how() string {
	if i.tag == "" {
		return "none"
	}
	return "latest"
}

// official is its name among the official images of Docker Hub; "" when it is none.
func (i image) official() string {
	name := strings.TrimPrefix(strings.TrimPrefix(i.name, "docker.io/"), "library/")
	if strings.ContainsAny(name, "/$") {
		return ""
	}
	return name
}

// areRoot are official images that run as root unless they are told otherwise.
var areRoot = []string{
	"almalinux", "alpine", "amazoncorretto", "amazonlinux", "archlinux", "buildpack-deps", "busybox", "caddy", "centos", "composer",
	"debian", "drupal", "eclipse-temurin", "fedora", "golang", "gradle", "httpd", "ibmjava", "maven", "nginx", "node", "openjdk",
	"perl", "php", "python", "rockylinux", "ruby", "rust", "tomcat", "ubuntu", "wordpress",
}

// user says as whom an image runs that says nothing itself.
func (i image) user() string {
	official := i.official()
	switch {
	case i.name == "scratch":
		return "root"
	case strings.Contains(i.name, "unprivileged"), strings.Contains(i.tag, "nonroot"), strings.Contains(i.name, "nonroot"):
		return "other"
	case strings.HasPrefix(i.name, "gcr.io/distroless/"):
		return "root"
	}
	for _, name := range areRoot {
		if official == name {
			return "root"
		}
	}
	return "unknown"
}
