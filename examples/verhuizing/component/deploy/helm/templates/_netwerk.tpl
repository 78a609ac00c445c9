{{/* A list of places as peers of a NetworkPolicy. Never call it with an empty list:
without peers a rule allows everybody. */}}
{{- define "component.peers" -}}
{{- $peers := list -}}
{{- range . -}}
{{- if .cidr -}}
{{- $block := dict "cidr" .cidr -}}
{{- with .except -}}{{- $_ := set $block "except" . -}}{{- end -}}
{{- $peers = append $peers (dict "ipBlock" $block) -}}
{{- else -}}
{{- $peer := dict -}}
{{- with .namespace -}}{{- $_ := set $peer "namespaceSelector" (dict "matchLabels" (dict "kubernetes.io/metadata.name" .)) -}}{{- end -}}
{{- with .podLabels -}}{{- $_ := set $peer "podSelector" (dict "matchLabels" .) -}}{{- end -}}
{{- $peers = append $peers $peer -}}
{{- end -}}
{{- end -}}
{{- toYaml $peers -}}
{{- end }}

{{/* Rules for what may be called: each place on its own ports. */}}
{{- define "component.to" -}}
{{- range . }}
- to: {{- include "component.peers" (list .) | nindent 4 }}
  ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
{{- end }}
{{- end }}

{{/* One rule for who may call a port. Takes from (places) and port. */}}
{{- define "component.from" -}}
{{- if .from }}
- from: {{- include "component.peers" .from | nindent 4 }}
  ports:
    - {protocol: TCP, port: {{ .port }}}
{{- end }}
{{- end }}

{{- define "component.dns" -}}
{{- range .Values.dns.to }}
- to: {{- include "component.peers" (list .) | nindent 4 }}
  ports:
    {{- range .ports }}
    - {protocol: UDP, port: {{ . }}}
    - {protocol: TCP, port: {{ . }}}
    {{- end }}
{{- end }}
{{- end }}

{{/* A part of this release, as a place. Takes root, part and ports. */}}
{{- define "component.own" -}}
{{- dict "podLabels" (include "component.selector" . | fromYaml) "ports" .ports | toYaml -}}
{{- end }}
