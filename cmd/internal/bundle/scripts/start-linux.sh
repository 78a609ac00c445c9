#!/bin/sh
# Start fieldlab vanaf deze stick of map. Er is geen beheerder nodig, en er
# verandert niets aan deze computer: het programma gaat naar de eigen map voor
# tijdelijke bestanden, en de instellingen gelden alleen voor dit venster.
#
#   sh start-linux.sh                      een venster waarin go en fieldlab werken
#   sh start-linux.sh -- fieldlab doctor   alleen deze opdracht
set -eu

stop() {
  printf '%s\n' "$*" >&2
  exit 1
}

map=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || stop "De map van dit script is niet te lezen."

case $(uname -m) in
x86_64 | amd64) soort=amd64 ;;
aarch64 | arm64) soort=arm64 ;;
*) stop "Voor deze processor ($(uname -m)) is er geen fieldlab in de bundel." ;;
esac

bron=fieldlab/linux-$soort/fieldlab
[ -f "$map/$bron" ] || stop "In de bundel ontbreekt $bron. Vraag de trainer om een volledige bundel."

# Is het programma nog heel? Wat de rest betreft, kijkt het programma zelf.
if command -v sha256sum >/dev/null 2>&1; then
  hoort=$(sed -n "s|  $bron\$||p" "$map/SHA256SUMS" 2>/dev/null) || hoort=geen
  is=$(sha256sum <"$map/$bron")
  [ "${is%% *}" = "$hoort" ] || stop "$bron is beschadigd. Vraag de trainer om een nieuwe bundel."
fi

case ${XDG_CACHE_HOME:-} in
/*) doel=$XDG_CACHE_HOME/fieldlab/start ;;
*) doel=${HOME:?"HOME is niet ingevuld"}/.cache/fieldlab/start ;;
esac

# Van een stick mag vaak niets gestart worden. Vandaar een kopie.
mkdir -p -- "$doel" || stop "In $doel kan niets worden gemaakt."
nieuw=$doel/fieldlab.$$
trap 'rm -f -- "$nieuw"' EXIT
cat -- "$map/$bron" >"$nieuw" || stop "Kopiëren naar $doel lukt niet. Is de schijf vol?"
chmod 755 "$nieuw"
mv -f -- "$nieuw" "$doel/fieldlab"
trap - EXIT

exec "$doel/fieldlab" bundle use "$map" "$@"
