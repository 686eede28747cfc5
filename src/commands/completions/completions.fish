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
    set -l pattern '/(\t.*)?$'
    for ending in $endings
        set pattern $pattern'|'(string escape --style=regex -- $ending)'(\t.*)?$'
    end
    switch $kind
        case folders
            set -a lines (__fish_complete_directories "$value" Folder)
        case files
            set -l paths (__fish_complete_path "$value")
            test (count $endings) -eq 0
            or set paths (string match -re -- $pattern $paths)
            set -a lines $paths
    end
    string join \n -- "$before"$lines
end
complete -c @program@ -f -a '(__@identifier@_offers)'
