#compdef @program@
# What zsh offers when the arguments of @program@ are completed. Printed by: @program@ completions zsh
_@identifier@() {
  local program=${(Q)words[1]} line text help
  local -a lines texts endings
  lines=("${(@f)$("${program/#\~/$HOME}" completions -- "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
  local flags=$([[ $PREFIX == -* && $PREFIX != *=* ]] && print -- -o)
  [[ $PREFIX == --*=* ]] && compset -P 1 '*='

  for line in "${(@)lines[2,-1]}"; do
    text=${line%%$'\t'*} help=${line#*$'\t'}
    texts+=("${text//:/\\:}${help:+:$help}")
  done
  local found=1
  (( $#texts )) && _describe $flags -t offers offer texts && found=0
  endings=(${=lines[1]})
  shift endings
  case ${lines[1]} in
    folders) _files -/ && found=0 ;;
    files) _files && found=0 ;;
    files\ *) _files -g "*${(j: *:)endings}" && found=0 ;;
  esac
  return found
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then _@identifier@ "$@"; else compdef _@identifier@ @program@; fi
