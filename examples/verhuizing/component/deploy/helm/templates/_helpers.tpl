{{/* The name of the release, as the first part of all names: with the longest part
behind it no longer than a CronJob may be called, and allowed for a Service. */}}
{{- define "component.name" -}}
{{- $name := .Release.Name | replace "." "-" | trunc 38 | trimSuffix "-" -}}
{{- regexMatch "^[0-9]" $name | ternary (printf "c%s" $name) $name -}}
{{- end }}

{{/* What a selector looks at. Takes root and part: a layer, outway, inway or a job. */}}
{{- define "component.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name | trunc 63 | trimSuffix "-" | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- with .part }}
app.kubernetes.io/component: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "component.labels" -}}
{{ include "component.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | replace "+" "_" | trunc 63 | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (.root.Chart.Name | trunc 40) .root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "component.image" -}}
{{- with .Values.image.digest -}}
{{ $.Values.image.repository }}@{{ . }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* The port of a layer, as on a laptop. */}}
{{- define "component.port" -}}
{{- get (dict "interactie" 8080 "proces" 8081 "diensten" 8083 "beheer" 8084) . -}}
{{- end }}

{{- define "component.scheme" -}}
{{- .Values.tls.enabled | ternary "https" "http" -}}
{{- end }}

{{/* What every pod is allowed: nothing. */}}
{{- define "component.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "component.containerSecurity" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* What every pod says of where it runs. */}}
{{- define "component.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . | quote }}
{{- end }}
{{- end }}
{{- with .Values.priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The pods of one part spread over nodes and zones. */}}
{{- define "component.spread" -}}
affinity:
  podAntiAffinity:
    preferredDuringSchedulingIgnoredDuringExecution:
      - weight: 100
        podAffinityTerm:
          topologyKey: kubernetes.io/hostname
          labelSelector:
            matchLabels: {{- include "component.selector" . | nindent 14 }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "component.selector" . | nindent 8 }}
{{- end }}
