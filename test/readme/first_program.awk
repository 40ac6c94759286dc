# Prints the first ```cpp block of a Markdown page; fails if there is none.
/^```/ && inside { exit }
inside { print; ++lines }
/^```cpp$/ { inside = 1 }
END {
    if (!lines) {
        print FILENAME " has no ```cpp block" > "/dev/stderr"
        exit 1
    }
}
