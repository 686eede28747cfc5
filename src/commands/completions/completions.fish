# What fish offers when the arguments of @program@ are completed. Printed by: @program@ completions fish
function __@identifier@_offers
    set -l words (commandline -opc)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -e words[1]
    set -l current (commandline -ct)
    set -l lines ($program completions -- $words "$current" 2>/dev/null)
    or return

    set -l value (string replace -r '^--[^=]*=' '' -- "$current")
    set -l before (string match -r '^--[^=]*=' -- "$current")
    set -l endings (string split ' ' -- $lines[1])
    set -l kind $endings[1]
    set -e endings[1] lines[1]
    if test $kind != names
        set -l paths (complete -C "'' $value") # of no program, so that fish offers files
        test $kind = files -a (count $endings) -eq 0
        or set paths (string match -re -- (string join '|' '/$' (string escape --style=regex -- $endings)'$') $paths)
        set -a lines $paths
    end
    string join \n -- "$before"$lines
end
complete -c @program@ -f -a '(__@identifier@_offers)'
