package main

// deliveries are the jobs that make what is handed over. Nothing is delivered after
// a job that failed.
var deliveries = []job{
	{"sbom", "[--controleer]", "schrijft op welke modules erin zitten (deploy/sbom.cdx.json), of kijkt of dat nog klopt", sbom},
	{"image", "", "maakt het image in .data/image, zonder Docker; zelfde commit, zelfde digest", image},
	{"publiceer", "[IMAGE]", "brengt het image naar een register, onder zijn versie; IMAGE is bijvoorbeeld ghcr.io/gemeente/component", publish},
	{"onderteken", "[IMAGE]", "ondertekent het image in het register, met zijn herkomst en de lijst van modules", sign},
	{"chart-publiceer", "[IMAGE]", "brengt de Helm-chart naar een register, met de digest van het image erin", publishChart},
	{"notities", "[TAG]", "zegt wat er volgens CHANGELOG.md in een versie veranderd is", notes},
	{"uitgave", "", "maakt in CI de uitgave van een tag, met wat notities zegt", bringOut},
}
