{{/* Values that contradict each other, or say nothing where something must stand. What
one value alone may be is in values.schema.json; all that is wrong is said at once. */}}
{{- define "component.controle" -}}
{{- $fout := list -}}
{{- with .Values.image -}}
{{- if and .tag .digest -}}
{{- $fout = append $fout "image.tag en image.digest zeggen allebei welk image het is: haal er een weg. Met een digest weet u zeker dat het hetzelfde image blijft." -}}
{{- end -}}
{{- end -}}
{{- with .Values.ingress -}}
{{- if .enabled -}}
{{- if not .host -}}
{{- $fout = append $fout "ingress.enabled zonder ingress.host: noem de naam waaronder gebruikers de pagina's vinden, of zet ingress.enabled op false." -}}
{{- end -}}
{{- if not (or .clusterIssuer .secret) -}}
{{- $fout = append $fout "ingress zonder certificaat: noem ingress.clusterIssuer (cert-manager), of in ingress.secret een Secret dat er al is." -}}
{{- end -}}
{{- if not .from -}}
{{- $fout = append $fout "ingress.enabled met een lege ingress.from: het netwerkbeleid houdt dan ook de ingress controller tegen. Noem zijn namespace." -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range $layer := list "interactie" "proces" "diensten" -}}
{{- $values := get $.Values $layer -}}
{{- $replicas := int $values.replicas -}}
{{- if and $values.autoscaling.enabled (lt (int $values.autoscaling.maxReplicas) $replicas) -}}
{{- $fout = append $fout (printf "%s.autoscaling.maxReplicas (%v) is minder dan %s.replicas (%d), dat het kleinste aantal is." $layer $values.autoscaling.maxReplicas $layer $replicas) -}}
{{- end -}}
{{- if le $replicas (int $.Values.podDisruptionBudget.minAvailable) -}}
{{- $fout = append $fout (printf "podDisruptionBudget.minAvailable (%v) is niet minder dan %s.replicas (%d): dan kan geen node meer leeggemaakt worden." $.Values.podDisruptionBudget.minAvailable $layer $replicas) -}}
{{- end -}}
{{- end -}}
{{- range $of := list "gedeeld" "interactie" "proces" "diensten" -}}
{{- range $key, $value := (get $.Values $of).settings -}}
{{- if regexMatch "^(OMGEVING|PORT|HOST|BEHEER_POORT|PROXIES|PROCES_URL|OUTWAY_URL|OUTWAY_CA|LOGBOEK_URL|ORGANISATIE|AFNEMERS|OPSCHONEN_AKKOORD|SSL_CERT_FILE|TLS_(CERT|KEY|CA)|PG[A-Z]+)$" $key -}}
{{- $fout = append $fout (printf "%s.settings.%s: die instelling zet de chart, uit een andere waarde (README.md)." $of $key) -}}
{{- else if regexMatch "^STOP_(NA|BINNEN)$" $key -}}
{{- $fout = append $fout (printf "%s.settings.%s: een pod krijgt 40 seconden om te stoppen, en daarin passen de gewone 5 en 25 seconden. Laat de instelling weg." $of $key) -}}
{{- else if regexMatch "^(DATABASE_URL|COMPONENT_TOKEN|SESSION_KEY|LOGBOEK_SLEUTEL|.*(_TOKEN|_SECRET|_API_KEY|_WACHTWOORD))$" $key -}}
{{- $fout = append $fout (printf "%s.settings.%s is een geheim: zet het in het Secret, niet in de waarden." $of $key) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- $fout = concat $fout (include "component.controle.netwerk" . | fromJsonArray) (include "component.controle.delen" . | fromJsonArray) -}}
{{- if $fout -}}
{{- fail (printf "\n\nDeze waarden kunnen niet samen:\n  - %s\n" (join "\n  - " $fout)) -}}
{{- end -}}
{{- end }}

{{/* What would be shut off by the network policies, although it is used. */}}
{{- define "component.controle.netwerk" -}}
{{- $fout := list -}}
{{- with .Values -}}
{{- if and (not .login.to) (not .interactie.egress) -}}
{{- $fout = append $fout "login.to is leeg: dan kan niemand inloggen, want het netwerkbeleid houdt de inlogvoorziening tegen." -}}
{{- end -}}
{{- if and .logboek.url (not .logboek.to) -}}
{{- $fout = append $fout "logboek.url met een lege logboek.to: het netwerkbeleid houdt het logboek dan tegen." -}}
{{- end -}}
{{- if not .database.to -}}
{{- $fout = append $fout "database.to is leeg: het netwerkbeleid houdt de database dan tegen. Noem haar pods of haar adres." -}}
{{- end -}}
{{- if not .dns.to -}}
{{- $fout = append $fout "dns.to is leeg: zonder DNS vindt geen laag een andere." -}}
{{- end -}}
{{- if and .monitoring.serviceMonitor.enabled (not .monitoring.from) -}}
{{- $fout = append $fout "monitoring.serviceMonitor.enabled met een lege monitoring.from: het netwerkbeleid houdt Prometheus dan tegen." -}}
{{- end -}}
{{- if and .outway.enabled .outway.url -}}
{{- $fout = append $fout "outway.enabled en outway.url zeggen allebei waar de outway is: haal er een weg." -}}
{{- else if and (not .outway.enabled) (not .outway.to) -}}
{{- $fout = append $fout "outway.to is leeg: het netwerkbeleid houdt de outway dan tegen. Noem haar pods of haar adres, of zet outway.enabled aan." -}}
{{- end -}}
{{- if and (not .inway.enabled) (not .inway.from) -}}
{{- $fout = append $fout "inway.from is leeg: dan bereikt niemand laag 2, ook dit component zelf niet. Noem de pods of het adres van de inway, of zet inway.enabled aan." -}}
{{- end -}}
{{- if and (or .outway.enabled .inway.enabled) (not .openfsc.peer) -}}
{{- $fout = append $fout "openfsc.peer is leeg: outway en inway in deze chart hebben de manager, de controller en het transactielog nodig. Noem hun pods of hun adres." -}}
{{- end -}}
{{- end -}}
{{- toJson $fout -}}
{{- end }}

{{/* Optional parts of which a half is missing. */}}
{{- define "component.controle.delen" -}}
{{- $fout := list -}}
{{- with .Values -}}
{{- if and .tls.enabled (not .tls.issuer.name) -}}
{{- $fout = append $fout "tls.enabled zonder tls.issuer.name: cert-manager weet dan niet wie de certificaten tekent." -}}
{{- end -}}
{{- if and .organisatie.inhoud .organisatie.configMap -}}
{{- $fout = append $fout "organisatie.inhoud en organisatie.configMap zeggen allebei voor wie dit component draait: haal er een weg." -}}
{{- end -}}
{{- if and .opschonen.enabled (not (regexMatch "^.+, tot [0-9]{4}-[0-9]{2}-[0-9]{2}$" .opschonen.akkoord)) -}}
{{- $fout = append $fout "opschonen.enabled zonder akkoord: zet in opschonen.akkoord wie vooraf instemt en tot wanneer, zoals \"A. de Vries, tot 2027-06-30\"." -}}
{{- end -}}
{{- if and .reservekopie.enabled (not .reservekopie.claim) -}}
{{- $fout = append $fout "reservekopie.enabled zonder plaats: noem in reservekopie.claim een PersistentVolumeClaim die er al is. De chart maakt er geen, want die zou met de release verdwijnen." -}}
{{- end -}}
{{- if and .database.caSecret (not (hasPrefix "verify-" .database.sslMode)) -}}
{{- $fout = append $fout (printf "database.caSecret met database.sslMode %q: het certificaat van de database wordt dan niet nagegaan. Kies verify-full." .database.sslMode) -}}
{{- end -}}
{{- end -}}
{{- toJson $fout -}}
{{- end }}
