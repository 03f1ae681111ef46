# zsh -f capture.zsh LINE: what _meshproof offers behind the line, one candidate a line. The editor's
# own functions exist only while somebody types; here they tell what they were given, of which the
# editor shows what begins like the word.
source scripts/zsh 2>/dev/null
words=("${(@s: :)1}")
CURRENT=$#words
PREFIX=$words[CURRENT]

offer() {
  local each
  for each in "$@"; do
    [[ $each == "$PREFIX"* ]] && print -r -- "$each"
  done
}
compset() { PREFIX=${PREFIX#*=}; }
compadd() { offer "${(@P)2}"; }
_describe() {
  local each
  for each in "${(@P)@[-1]}"; do
    each=${each//\\:/$'\1'}
    [[ $each == *:?* ]] || print -r -- "no description: $each"
    offer "${${each%%:*}//$'\1'/:}"
  done
}
_files() {
  if [[ $1 == -/ ]]; then offer *(N-/:t); else offer *(N:t); fi
}
_meshproof
exit 0
