# Checks the #include lines of a source tree against the table of its doc/ARCHITECTURE.md.
#
# Arguments: doc/ARCHITECTURE.md, then every source file, all relative to the root of the tree.
# Prints one line per violation and exits with 1 if there was any.

function complain(text) {
    print text
    failed = 1
}

# The words of `text` that stand between backticks, as keys of `into`, with the given prefix.
function take_names(text, prefix, into,    parts, count, i) {
    count = split(text, parts, "`")
    for (i = 2; i <= count; i += 2) into[prefix, parts[i]] = 1
}

# The innermost row of the table that holds `path`, or nothing.
function room_of(path) {
    do {
        if (path in role) return path
    } while (sub(/\/[^\/]*$/, "", path))
    return ""
}

# Resolves what an #include means to the path of one of our files, or to nothing if it is none of ours:
# <> looks into the folders called "include", "" beside the file and in every folder around that one.
function own_file(name, quoted, from,    root) {
    for (root in include_root)
        if ((root name) in exists) return root name
    if (!quoted) return ""
    while (sub(/[^\/]+\/?$/, "", from))
        if ((from name) in exists) return from name
    return ""
}

function check_library(from, room, name,    key, pair) {
    for (key in banned) {
        split(key, pair, SUBSEP)
        if (pair[1] == room && index(name, pair[2]) == 1)
            complain(from ": " room " never includes " pair[2] ", yet here is <" name ">")
    }
}

function check_include(from, line,    name, quoted, target, room, other) {
    quoted = line ~ /^[ \t]*#[ \t]*include[ \t]*"/
    name = line
    sub(/^[^"<]*["<]/, "", name)
    sub(/[">].*$/, "", name)
    room = room_of(from)
    target = own_file(name, quoted, from)
    if (target == "" && quoted)
        complain(from ": \"" name "\" is no file of ours; libraries are included with <>")
    if (target == "") {
        check_library(from, room, name)
        return
    }
    other = room_of(target)
    if (other != room && !((room, other) in allowed))
        complain(from ": " room " may not include " other ", yet here is " name)
}

BEGIN {
    for (i = 2; i < ARGC; ++i) {
        exists[ARGV[i]] = 1
        if (match(ARGV[i], /(^|.*\/)include\//)) include_root[substr(ARGV[i], 1, RLENGTH)] = 1
    }
}

# A row of the table: | `folder` | role | may include | never includes |
FILENAME == ARGV[1] {
    if ($0 !~ /^\| *`/) next
    split($0, cell, "|")
    split(cell[2], name, "`")
    folder = name[2]
    role[folder] = cell[3]
    take_names(cell[4], folder, allowed)
    take_names(cell[5], folder, banned)
    for (key in allowed) {
        split(key, pair, SUBSEP)
        if (pair[1] == folder && (!(pair[2] in role) || pair[2] == folder))
            complain(FILENAME ": the row of " folder " names " pair[2] ", which is no row above it")
    }
    next
}

FNR == 1 {
    ++files
    files_in[room_of(FILENAME)]++
    if (room_of(FILENAME) == "") complain(FILENAME ": its folder has no row in the table")
}

room_of(FILENAME) != "" && /^[ \t]*#[ \t]*include[ \t]*["<]/ {
    ++includes
    check_include(FILENAME, $0)
}

END {
    for (folder in role)
        if (!files_in[folder]) complain("doc/ARCHITECTURE.md: " folder " has a row and no source file")
    if (!includes) complain("no #include was found: is the list of files right?")
    if (!failed) printf "%d #include lines in %d files agree with the table\n", includes, files
    exit failed
}
