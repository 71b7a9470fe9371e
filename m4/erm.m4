# Macros of ermon's configure.ac.                                -*- Autoconf -*-

# ERM_PROBE_CFLAGS(VARIABLE, FLAGS)
# Appends to VARIABLE each of FLAGS that the C compiler accepts without a warning.
AC_DEFUN([ERM_PROBE_CFLAGS], [
  for erm_flag in m4_normalize([$2]); do
    AS_VAR_PUSHDEF([erm_cache], [erm_cv_cflag_$erm_flag])
    AC_CACHE_CHECK([whether $CC accepts $erm_flag], [erm_cache], [
      erm_save_CFLAGS=$CFLAGS
      CFLAGS="$CFLAGS -Werror $erm_flag"
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [])],
        [AS_VAR_SET([erm_cache], [yes])], [AS_VAR_SET([erm_cache], [no])])
      CFLAGS=$erm_save_CFLAGS
    ])
    AS_VAR_IF([erm_cache], [yes], [AS_VAR_APPEND([$1], [" $erm_flag"])])
    AS_VAR_POPDEF([erm_cache])
  done
])

# ERM_PROBE_LDFLAGS(VARIABLE, FLAGS)
# The same for flags of the link.
AC_DEFUN([ERM_PROBE_LDFLAGS], [
  for erm_flag in m4_normalize([$2]); do
    AS_VAR_PUSHDEF([erm_cache], [erm_cv_ldflag_$erm_flag])
    AC_CACHE_CHECK([whether the linker accepts $erm_flag], [erm_cache], [
      erm_save_CFLAGS=$CFLAGS
      erm_save_LDFLAGS=$LDFLAGS
      CFLAGS="$CFLAGS -fPIE"
      LDFLAGS="$LDFLAGS -Werror $erm_flag"
      AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])],
        [AS_VAR_SET([erm_cache], [yes])], [AS_VAR_SET([erm_cache], [no])])
      CFLAGS=$erm_save_CFLAGS
      LDFLAGS=$erm_save_LDFLAGS
    ])
    AS_VAR_IF([erm_cache], [yes], [AS_VAR_APPEND([$1], [" $erm_flag"])])
    AS_VAR_POPDEF([erm_cache])
  done
])

# ERM_REQUIRE_CFLAGS(FLAGS)
# Ends configure when the compiler refuses FLAGS, which the user asked for.
AC_DEFUN([ERM_REQUIRE_CFLAGS], [
  erm_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS $1"
  AC_MSG_CHECKING([whether $CC can build with $1])
  AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([the compiler refuses $1])])
  CFLAGS=$erm_save_CFLAGS
])

# ERM_ARG_MIB_OID(DEFAULT)
# --with-mib-oid: where ERMON-MIB is rooted.  Checks the OID and derives its three
# spellings: the initializer of a C array, the dotted form, and the arcs below
# `enterprises' as SMIv2 wants them, name(number), since smilint calls a bare
# number an implicit node definition.  The last arc is the module's own.
AC_DEFUN([ERM_ARG_MIB_OID], [
  AC_ARG_WITH([mib-oid],
    [AS_HELP_STRING([--with-mib-oid=OID],
      [root of ERMON-MIB, below enterprises (1.3.6.1.4.1) @<:@$1, in netSnmpPlaypen@:>@])],
    [], [with_mib_oid=$1])
  AC_MSG_CHECKING([where ERMON-MIB is rooted])
  erm_arcs=`printf '%s\n' "$with_mib_oid" | LC_ALL=C $AWK -F. '
    function bad(why) { print why; failed = 1; exit 0 }
    NR > 1 { bad("one line, please") }
    {
      if ($[0] !~ /^1\.3\.6\.1\.4\.1(\.(0|@<:@1-9@:>@@<:@0-9@:>@*))+$/)
        bad("not a dotted OID below enterprises, 1.3.6.1.4.1")
      if (NF > 32)
        bad("more than 32 sub-identifiers leave too little room for the tables")
      known = "1.3.6.1.4.1"; out = "enterprises"
      name@<:@"1.3.6.1.4.1.8072"@:>@ = "netSnmp"
      name@<:@"1.3.6.1.4.1.8072.9999"@:>@ = "netSnmpExperimental"
      name@<:@"1.3.6.1.4.1.8072.9999.9999"@:>@ = "netSnmpPlaypen"
      for (i = 7; i <= NF; i++) {
        if (length($i) > 10 || $i + 0 > 4294967295)
          bad("sub-identifier " $i " is over 4294967295")
        known = known "." $i
        if (i == NF)
          out = out " " $i
        else if (known in name)
          out = out " " name@<:@known@:>@ "(" $i ")"
        else
          out = out " ermonArc" (i - 6) "n" $i "(" $i ")"
      }
    }
    END { if (!failed) print out }'`
  AS_CASE([$erm_arcs],
    [enterprises*], [AC_MSG_RESULT([$with_mib_oid])],
    [AC_MSG_RESULT([$with_mib_oid])
     AC_MSG_ERROR([--with-mib-oid=$with_mib_oid: $erm_arcs])])
  ERM_MIB_OID_DOTTED=$with_mib_oid
  ERM_MIB_ARCS=$erm_arcs
  erm_oid_list=`printf '%s' "$with_mib_oid" | tr . ,`
  AC_DEFINE_UNQUOTED([ERM_MIB_OID], [$erm_oid_list],
    [Root of ERMON-MIB, as the initializer of an array of oid.])
  AC_DEFINE_UNQUOTED([ERM_MIB_OID_STRING], ["$with_mib_oid"], [Root of ERMON-MIB, dotted.])
  AC_SUBST([ERM_MIB_OID_DOTTED])
  AC_SUBST([ERM_MIB_ARCS])
])
