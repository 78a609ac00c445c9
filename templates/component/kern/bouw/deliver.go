package main

// deliveries are the jobs that make what is handed over. Nothing is delivered after
// a job that failed.
var deliveries = []job{
	{"sbom", "[--controleer]", "schrijft op welke modules erin zitten (sbom.cdx.json), of kijkt of dat nog klopt", sbom},
	{"image", "", "maakt het image in .data/image, zonder Docker; zelfde commit, zelfde digest", image},
}
