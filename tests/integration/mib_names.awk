# Puts the names of a MIB into the numeric output of the Net-SNMP tools, as these do it where
# the standard modules are installed, which Debian has not.
#   awk -v root=.OID-OF-ERMONMIB -f mib_names.awk ERMON-MIB.txt - <"lines of `-Onq'"
# Reads ERMON-MIB as it is written, not any MIB: one clause a line, the parent defined before.

FNR == 1 { file++ }

file == 1 && !/^ *--/ {
	if ($2 ~ /^(OBJECT-TYPE|NOTIFICATION-TYPE|MODULE-IDENTITY)$/)
		name = $1
	if ($2 == "::=" && $3 == "TEXTUAL-CONVENTION")
		name = $1
	if ($2 == "OBJECT" && $3 == "IDENTIFIER" && $4 == "::=")
		define($1, $6, $7)
	if ($1 == "::=" && $2 == "{" && name != "")
		define(name, $3, $4)
	if ($1 == "SYNTAX") {
		syntax[name] = $2
		in_enum = 0
	}
	if ($0 ~ /SYNTAX +INTEGER *{/)
		in_enum = 1
	if (in_enum) {
		rest = $0
		while (match(rest, /[a-zA-Z0-9]+\([0-9]+\)/)) {
			split(substr(rest, RSTART, RLENGTH - 1), word, "(")
			label[name, word[2]] = word[1]
			rest = substr(rest, RSTART + RLENGTH)
		}
		if (/}/)
			in_enum = 0
	}
}

file > 1 {
	oid = $1
	value = $0
	sub(/^[^ ]+ */, "", value)
	print translated(oid) " = " (labelled(value))
}

function define(what, parent, number)
{
	if (what == "ermonMIB")
		oid_of[what] = root
	else if (parent in oid_of)
		oid_of[what] = oid_of[parent] "." number
	named[oid_of[what]] = what
	name = ""
}

# The longest known prefix by its name, the rest as it is.
function translated(oid, head, tail, i)
{
	column = ""
	head = oid
	while (head != "") {
		if (head in named) {
			column = named[head]
			return column substr(oid, length(head) + 1)
		}
		if (!match(head, /\.[0-9]+$/))
			break
		head = substr(head, 1, RSTART - 1)
	}
	return oid
}

function labelled(value, type)
{
	type = column in syntax ? syntax[column] : ""
	if ((type, value) in label)
		return label[type, value] "(" value ")"
	if (type == "TruthValue")
		return value == 1 ? "true(1)" : "false(2)"
	if (value in named)
		return named[value]
	return value
}
