noinst_LIBRARIES += libermsources.a
libermsources_a_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(MNL_CFLAGS) $(JANSSON_CFLAGS)
libermsources_a_SOURCES = \
	agent/sources/source.h \
	agent/sources/source_report.c \
	agent/sources/source_report.h
# frr
libermsources_a_SOURCES += \
	agent/sources/frr/frr.c \
	agent/sources/frr/frr.h \
	agent/sources/frr/command.c \
	agent/sources/frr/command.h \
	agent/sources/frr/cycle.c \
	agent/sources/frr/frame.c \
	agent/sources/frr/frame.h \
	agent/sources/frr/json.c \
	agent/sources/frr/json.h \
	agent/sources/frr/pace.c \
	agent/sources/frr/pace.h \
	agent/sources/frr/parse.c \
	agent/sources/frr/parse.h \
	agent/sources/frr/peers.c \
	agent/sources/frr/peers.h \
	agent/sources/frr/route.c \
	agent/sources/frr/route.h \
	agent/sources/frr/routes.c \
	agent/sources/frr/routes.h \
	agent/sources/frr/summary.c \
	agent/sources/frr/summary.h \
	agent/sources/frr/tell.c
# what sources of routers share
libermsources_a_SOURCES += \
	agent/sources/router/child.c \
	agent/sources/router/child.h \
	agent/sources/router/conn.c \
	agent/sources/router/conn.h \
	agent/sources/router/frame.h \
	agent/sources/router/notification.c \
	agent/sources/router/notification.h \
	agent/sources/router/report.c \
	agent/sources/router/report.h \
	agent/sources/router/retry.c \
	agent/sources/router/retry.h \
	agent/sources/router/text.c \
	agent/sources/router/text.h \
	agent/sources/router/timer.c \
	agent/sources/router/timer.h \
	agent/sources/router/watch.c \
	agent/sources/router/watch.h
# bmp
libermsources_a_SOURCES += \
	agent/sources/bmp/bmp.c \
	agent/sources/bmp/census.c \
	agent/sources/bmp/census.h \
	agent/sources/bmp/claims.c \
	agent/sources/bmp/claims.h \
	agent/sources/bmp/listen.c \
	agent/sources/bmp/listen.h \
	agent/sources/bmp/log.c \
	agent/sources/bmp/log.h \
	agent/sources/bmp/parse.c \
	agent/sources/bmp/parse.h \
	agent/sources/bmp/router.c \
	agent/sources/bmp/router.h
# rtnl
libermsources_a_SOURCES += \
	agent/sources/rtnl/rtnl.c \
	agent/sources/rtnl/rtnl.h \
	agent/sources/rtnl/links.c \
	agent/sources/rtnl/links.h \
	agent/sources/rtnl/pace.c \
	agent/sources/rtnl/pace.h \
	agent/sources/rtnl/parse.c \
	agent/sources/rtnl/parse.h \
	agent/sources/rtnl/query.c \
	agent/sources/rtnl/query.h \
	agent/sources/rtnl/request.c \
	agent/sources/rtnl/request.h \
	agent/sources/rtnl/seen.c \
	agent/sources/rtnl/seen.h \
	agent/sources/rtnl/slots.c \
	agent/sources/rtnl/slots.h \
	agent/sources/rtnl/socket.c \
	agent/sources/rtnl/socket.h
# bird
libermsources_a_SOURCES += \
	agent/sources/bird/bird.c \
	agent/sources/bird/echo.c \
	agent/sources/bird/echo.h \
	agent/sources/bird/parse.c \
	agent/sources/bird/parse.h \
	agent/sources/bird/peers.c \
	agent/sources/bird/peers.h \
	agent/sources/bird/words.c \
	agent/sources/bird/words.h
# sock-diag
libermsources_a_SOURCES += \
	agent/sources/netlink/parse.c \
	agent/sources/netlink/parse.h \
	agent/sources/sockdiag/sockdiag.c \
	agent/sources/sockdiag/sockdiag.h \
	agent/sources/sockdiag/parse.c \
	agent/sources/sockdiag/parse.h \
	agent/sources/sockdiag/round.c \
	agent/sources/sockdiag/round.h \
	agent/sources/sockdiag/sessions.c \
	agent/sources/sockdiag/sessions.h \
	agent/sources/sockdiag/socket.c \
	agent/sources/sockdiag/socket.h
# ethtool: links and the light in their modules
libermsources_a_SOURCES += \
	agent/sources/ethtool/ethtool.c \
	agent/sources/ethtool/ethtool.h \
	agent/sources/ethtool/cmis.c \
	agent/sources/ethtool/decode.c \
	agent/sources/ethtool/decode.h \
	agent/sources/ethtool/module.c \
	agent/sources/ethtool/module.h \
	agent/sources/ethtool/parse.c \
	agent/sources/ethtool/parse.h \
	agent/sources/ethtool/query.c \
	agent/sources/ethtool/query.h \
	agent/sources/ethtool/request.c \
	agent/sources/ethtool/request.h \
	agent/sources/ethtool/sff8472.c \
	agent/sources/ethtool/sff8636.c \
	agent/sources/ethtool/thread.c \
	agent/sources/ethtool/thread.h
# neighbor
libermsources_a_SOURCES += \
	agent/sources/neighbor/neighbor.c \
	agent/sources/neighbor/neighbor.h \
	agent/sources/neighbor/parse.c \
	agent/sources/neighbor/parse.h \
	agent/sources/neighbor/query.c \
	agent/sources/neighbor/query.h \
	agent/sources/neighbor/table.c \
	agent/sources/neighbor/table.h
# snmp
libermsources_a_SOURCES += \
	agent/sources/snmp_router/snmp_router.c \
	agent/sources/snmp_router/address.c \
	agent/sources/snmp_router/address.h \
	agent/sources/snmp_router/client.c \
	agent/sources/snmp_router/client.h \
	agent/sources/snmp_router/credentials.c \
	agent/sources/snmp_router/credentials.h \
	agent/sources/snmp_router/line.c \
	agent/sources/snmp_router/line.h \
	agent/sources/snmp_router/oid.c \
	agent/sources/snmp_router/oid.h \
	agent/sources/snmp_router/parse.c \
	agent/sources/snmp_router/parse.h \
	agent/sources/snmp_router/rows.c \
	agent/sources/snmp_router/rows.h \
	agent/sources/snmp_router/tell.c \
	agent/sources/snmp_router/tell.h \
	agent/sources/snmp_router/trap.c \
	agent/sources/snmp_router/trap.h
# openbgpd
libermsources_a_SOURCES += \
	agent/sources/openbgpd/openbgpd.c \
	agent/sources/openbgpd/openbgpd.h \
	agent/sources/openbgpd/child.c \
	agent/sources/openbgpd/child.h \
	agent/sources/openbgpd/parse.c \
	agent/sources/openbgpd/parse.h \
	agent/sources/openbgpd/peers.c \
	agent/sources/openbgpd/peers.h
