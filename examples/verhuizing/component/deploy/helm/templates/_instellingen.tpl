{{/* The environment of a layer: what the chart knows, then what the values add. All
else comes from Secrets and ConfigMaps that somebody made (component.envFrom). Takes
root and layer. */}}
{{- define "component.env" -}}
{{- $values := .root.Values -}}
{{- $env := dict "OMGEVING" "productie" "PORT" (include "component.port" "interactie") "BEHEER_POORT" (include "component.port" "beheer") -}}
{{- if or $values.organisatie.inhoud $values.organisatie.configMap -}}
{{- $_ := set $env "ORGANISATIE" "/instellingen/organisatie/organisatie.yaml" -}}
{{- end -}}
{{- if $values.ca.configMap -}}
{{- $_ := set $env "SSL_CERT_FILE" (printf "/instellingen/ca/%s" $values.ca.key) -}}
{{- end -}}
{{- if $values.tls.enabled -}}
{{- $_ := set $env "TLS_CERT" "/instellingen/tls/tls.crt" -}}
{{- $_ := set $env "TLS_KEY" "/instellingen/tls/tls.key" -}}
{{- if ne .layer "diensten" -}}
{{- $_ := set $env "TLS_CA" "/instellingen/tls/ca.crt" -}}
{{- end -}}
{{- end -}}
{{- if eq .layer "interactie" -}}
{{- $_ := set $env "PROCES_URL" (printf "%s://%s-proces:%s" (include "component.scheme" .root) (include "component.name" .root) (include "component.port" "proces")) -}}
{{- with $values.ingress.proxies -}}
{{- $_ := set $env "PROXIES" (join "," .) -}}
{{- end -}}
{{- else if eq .layer "proces" -}}
{{- with $values.outway.enabled | ternary (printf "http://%s-outway:8080" (include "component.name" .root)) $values.outway.url -}}
{{- $_ := set $env "OUTWAY_URL" . -}}
{{- end -}}
{{- if $values.outway.caSecret -}}
{{- $_ := set $env "OUTWAY_CA" (printf "/instellingen/outway/%s" $values.outway.caKey) -}}
{{- end -}}
{{- else -}}
{{- with $values.logboek.url -}}
{{- $_ := set $env "LOGBOEK_URL" . -}}
{{- end -}}
{{- if $values.afnemers.secret -}}
{{- $_ := set $env "AFNEMERS" "/instellingen/afnemers/afnemers.yaml" -}}
{{- end -}}
{{- with $values.database.sslMode -}}
{{- $_ := set $env "PGSSLMODE" . -}}
{{- end -}}
{{- if $values.database.caSecret -}}
{{- $_ := set $env "PGSSLROOTCERT" (printf "/instellingen/database/%s" $values.database.caKey) -}}
{{- end -}}
{{- end -}}
{{- $env = merge $env (get $values .layer).settings $values.gedeeld.settings -}}
{{- range $name, $value := $env }}
- name: {{ $name | quote }}
  value: {{ $value | quote }}
{{- end }}
{{- if and (eq .layer "diensten") $values.database.secret }}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef: {name: {{ $values.database.secret | quote }}, key: {{ $values.database.key | quote }}, optional: true}
{{- end }}
{{- end }}

{{/* Optional, so that a pod starts without them: then the component itself says, in
its log, which settings are missing and what each is for. */}}
{{- define "component.envFrom" -}}
{{- $name := include "component.name" .root -}}
{{- range $from := list "gedeeld" .layer }}
{{- $values := get $.root.Values $from }}
- secretRef: {name: {{ $values.secret | default (printf "%s-%s" $name $from) | quote }}, optional: true}
- configMapRef: {name: {{ $values.configMap | default (printf "%s-%s" $name $from) | quote }}, optional: true}
{{- end }}
{{- end }}

{{/* The files of a layer. Whole folders, without subPath: then a renewed certificate
or list of consumers arrives in a running pod. */}}
{{- define "component.mounts" -}}
{{- $values := .root.Values -}}
- {name: tmp, mountPath: /tmp}
{{- if or $values.organisatie.inhoud $values.organisatie.configMap }}
- {name: organisatie, mountPath: /instellingen/organisatie, readOnly: true}
{{- end }}
{{- if $values.ca.configMap }}
- {name: ca, mountPath: /instellingen/ca, readOnly: true}
{{- end }}
{{- if $values.tls.enabled }}
- {name: tls, mountPath: /instellingen/tls, readOnly: true}
{{- end }}
{{- if and (eq .layer "proces") $values.outway.caSecret }}
- {name: outway, mountPath: /instellingen/outway, readOnly: true}
{{- end }}
{{- if and (eq .layer "diensten") $values.afnemers.secret }}
- {name: afnemers, mountPath: /instellingen/afnemers, readOnly: true}
{{- end }}
{{- if and (eq .layer "diensten") $values.database.caSecret }}
- {name: database, mountPath: /instellingen/database, readOnly: true}
{{- end }}
{{- end }}

{{- define "component.volumes" -}}
{{- $values := .root.Values -}}
{{- $name := include "component.name" .root -}}
- name: tmp
  emptyDir: {sizeLimit: 128Mi}
{{- if or $values.organisatie.inhoud $values.organisatie.configMap }}
- name: organisatie
  configMap: {name: {{ $values.organisatie.configMap | default (printf "%s-organisatie" $name) | quote }}, optional: true}
{{- end }}
{{- if $values.ca.configMap }}
- name: ca
  configMap: {name: {{ $values.ca.configMap }}, optional: true, items: [{key: {{ $values.ca.key }}, path: {{ $values.ca.key }}}]}
{{- end }}
{{- if $values.tls.enabled }}
- name: tls
  secret: {secretName: {{ $name }}-{{ .layer }}-tls, defaultMode: 0440}
{{- end }}
{{- if and (eq .layer "proces") $values.outway.caSecret }}
- name: outway
  secret: {secretName: {{ $values.outway.caSecret | quote }}, optional: true, items: [{key: {{ $values.outway.caKey | quote }}, path: {{ $values.outway.caKey | quote }}}]}
{{- end }}
{{- if and (eq .layer "diensten") $values.afnemers.secret }}
- name: afnemers
  secret: {secretName: {{ $values.afnemers.secret | quote }}, optional: true, defaultMode: 0440}
{{- end }}
{{- if and (eq .layer "diensten") $values.database.caSecret }}
- name: database
  secret: {secretName: {{ $values.database.caSecret | quote }}, optional: true, items: [{key: {{ $values.database.caKey | quote }}, path: {{ $values.database.caKey | quote }}}]}
{{- end }}
{{- end }}
