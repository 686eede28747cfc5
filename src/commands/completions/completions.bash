# What bash offers when the arguments of @program@ are completed. Printed by: @program@ completions bash
_@identifier@_completions() {
  local current=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]/#\~/$HOME} words=() word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do # which bash has split at =
    if [[ ${#words[@]} -gt 0 && ( $word == = || ${words[-1]} == --*= ) ]]; then words[-1]+=$word; else words+=("$word"); fi
  done
  local before= # an = at which it has not been split
  [[ $current == = ]] && current=
  [[ $current == --*=* ]] && before=${current%%=*}= current=${current#*=}
  current=${current#[\"\']} current=${current//\\/} # the names themselves; bash quotes what it inserts

  local answer lines texts paths path ending
  answer=$("$program" completions -- "${words[@]}" 2>/dev/null) || return 0
  mapfile -t lines <<<"$answer"
  texts=("${lines[@]:1}")
  mapfile -t COMPREPLY < <(compgen -W "${texts[*]%%$'\t'*}" -- "$current")
  case ${lines[0]} in
    folders) mapfile -t paths < <(compgen -d -- "$current") ;;
    files*) mapfile -t paths < <(compgen -f -- "$current") ;;
  esac
  for path in "${paths[@]}"; do
    [[ ${lines[0]} == *' '* && ! -d ${path/#\~/$HOME} ]] || { COMPREPLY+=("$path"); continue; }
    for ending in ${lines[0]#files}; do
      if [[ $path == *"$ending" ]]; then COMPREPLY+=("$path"); fi
    done
  done
  [[ ${#paths[@]} -eq 0 ]] || compopt -o filenames 2>/dev/null # so that bash quotes them and ends folders in /
  COMPREPLY=("${COMPREPLY[@]/#/$before}")
}
complete -F _@identifier@_completions @program@
