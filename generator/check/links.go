package check

// Links lists the symbolic links of the repository; they are not followed. It is for the
// beginning and the end of a look.
func (r *Repo) Links() []string {
	var links []string
	for _, u := range r.unread {
		if u.Why == "link" {
			links = append(links, u.Path)
		}
	}
	return links
}
