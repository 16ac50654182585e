# The syntax tree of `shfmt -tojson` as rows "FROM TO CLASS ROLE", one for
# each stretch of text whose meaning it states; names, keywords and what
# stands before an assignment's `=` have none.
def leaf($c): "\(.Pos.Offset) \(.End.Offset) \($c.cls) \($c.role)";

# A wrapper runs its arguments, which shfmt does not say.
def wraps: (.Parts[0].Value? // "") | test(
	"^(sudo|doas|env|nohup|timeout|nice|ionice|exec|command|builtin|time|xargs|setsid|stdbuf|coproc|flock|chroot|unbuffer|strace|watch)$");

def plain: {cls: "plain", role: "arg"};
def role_of($role): {cls: "plain", role: $role};

def go($c):
	def each_of($list; $c): ($list // [])[] | go($c);
	def param($c): if $c.cls == "dquote" or $c.cls == "doc"
		or $c.cls == "paramq" then "paramq" else "param" end;
	if . == null then empty
	elif type == "array" then .[] | go($c)
	elif type != "object" then empty
	elif has("Hash") then {Pos, End} | leaf({cls: "comment", role: "any"})
	else
		(((.Comments // []) + (.Last // []) + (.CondLast // [])
			+ (.ThenLast // []) + (.DoLast // [])) | go($c)),
		if .Type == "Lit" then leaf($c)
		elif .Type == "SglQuoted" then
			leaf($c + {cls: (if .Dollar then "ansi" else "squote" end)})
		elif .Type == "DblQuoted" then each_of(.Parts; $c + {cls: "dquote"})
		elif .Type == "CmdSubst" or .Type == "ProcSubst" then
			each_of(.Stmts; plain)
		elif .Type == "ParamExp" then
			(.Index | go($c + {cls: "arith"})),
			(.Slice.Offset? | go($c + {cls: "arith"})),
			(.Slice.Length? | go($c + {cls: "arith"})),
			(.Repl.Orig? | go($c + {cls: param($c)})),
			(.Repl.With? | go($c + {cls: param($c)})),
			(.Exp.Word? | go($c + {cls: param($c)}))
		elif .Type == "ArithmExp" then .X | go($c + {cls: "arith"})
		elif .Type == "ExtGlob" then .Pattern | leaf($c)
		elif .Type == "ArithmCmd" then .X | go({cls: "arith", role: "arg"})
		elif .Type == "CallExpr" then
			each_of(.Assigns; plain),
			((.Args // []) as $a | range($a | length) as $i | $a[$i] |
				go(role_of(if $i == 0 then "command"
				elif $a[:$i] | any(wraps) then "any" else "arg" end)))
		elif .Type == "DeclClause" then
			.Args[] | if .Naked then .Value | go(role_of("any"))
				else go(plain) end
		elif .Type == "LetClause" then
			.Exprs | go({cls: "any", role: "any"})
		elif .Type == "ForClause" or .Type == "SelectClause" then
			(.Loop | (.Items | go(role_of("list"))),
				((.Init, .Cond, .Post) |
					go({cls: "arith", role: "arg"}))),
			(.Do | go(plain))
		elif .Type == "CaseClause" then
			(.Word | go(role_of("case"))),
			(.Items[]? | (.Comments // [] | go($c)),
				(.Last // [] | go($c)),
				(.Patterns | go(role_of("case"))),
				(.Stmts | go(plain)))
		elif .Type == "TestClause" then .X | go(role_of("test"))
		elif .Type == "BinaryTest" or .Type == "BinaryArithm" then
			(.X | go($c)), (.Y | go($c))
		elif .Type == "UnaryTest" or .Type == "ParenTest"
			or .Type == "UnaryArithm" or .Type == "ParenArithm" then
			.X | go($c)
		elif has("Op") and has("OpPos") and has("Word") then
			(if .Hdoc then
				([.Word.Parts[] | .Type != "Lit" or
					(.Value | contains("\\"))] | any) as $raw |
				([.Word.Parts[] | .Value //
					([.Parts[]?.Value] | join(""))] | join("")
					| gsub("\\\\"; "")) as $delim |
				.Hdoc | .Parts |= (if length > 0 then
					.[-1].End.Offset -= ($delim | utf8bytelength)
					else . end) |
				go({cls: (if $raw then "rawdoc" else "doc" end),
					role: "any"})
			elif .Op == 61 or .Op == 62 then empty
			else .Word | go(role_of("redirect")) end)
		elif has("Elems") then
			.Elems[]? | (.Comments // [] | go($c)),
				(.Index | go({cls: "arith", role: "any"})),
				(.Value | go(role_of("list")))
		elif has("Name") and (.Type // "") != "FuncDecl" and
			(.Type // "") != "CoprocClause" then
			(.Index | go({cls: "arith", role: "any"})),
			(.Array | go(role_of("list"))),
			(.Value | go(role_of("assign")))
		elif has("Parts") then each_of(.Parts; $c)
		else
			((.Stmts, .Cmd, .Cond, .Then, .Else, .Do, .X, .Y, .Body, .Stmt,
				.Redirs) | go(plain))
		end
	end;
go(plain)
