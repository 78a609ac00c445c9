#!/bin/sh
# Start fieldlab vanaf deze stick of map: dubbelklik op dit bestand, of typ in
# Terminal sh met een spatie, en sleep dit bestand erachter. Er is geen beheerder
# nodig, en er verandert niets aan deze computer: het programma gaat naar de eigen
# map voor tijdelijke bestanden, en de instellingen gelden alleen voor dit venster.
#
#   sh start-macos.command                      een venster waarin go en fieldlab werken
#   sh start-macos.command -- fieldlab doctor   alleen deze opdracht
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

bron=fieldlab/darwin-$soort/fieldlab
[ -f "$map/$bron" ] || stop "In de bundel ontbreekt $bron. Vraag de trainer om een volledige bundel."

# Is het programma nog heel? Wat de rest betreft, kijkt het programma zelf.
if command -v shasum >/dev/null 2>&1; then
  hoort=$(sed -n "s|  $bron\$||p" "$map/SHA256SUMS" 2>/dev/null) || hoort=geen
  is=$(shasum -a 256 <"$map/$bron")
  [ "${is%% *}" = "$hoort" ] || stop "$bron is beschadigd. Vraag de trainer om een nieuwe bundel."
fi

doel=${HOME:?"HOME is niet ingevuld"}/Library/Caches/fieldlab/start

# Van een stick mag vaak niets gestart worden. Vandaar een kopie, en zo dat het
# kenmerk dat macOS aan een gedownload bestand hangt er niet aan zit.
mkdir -p -- "$doel" || stop "In $doel kan niets worden gemaakt."
nieuw=$doel/fieldlab.$$
trap 'rm -f -- "$nieuw"' EXIT
cat -- "$map/$bron" >"$nieuw" || stop "Kopiëren naar $doel lukt niet. Is de schijf vol?"
chmod 755 "$nieuw"
mv -f -- "$nieuw" "$doel/fieldlab"
trap - EXIT

exec "$doel/fieldlab" bundle use "$map" "$@"
