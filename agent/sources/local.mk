noinst_LIBRARIES += libermsources.a
libermsources_a_CFLAGS = $(AM_CFLAGS) $(SYSTEMD_CFLAGS) $(MNL_CFLAGS) $(JANSSON_CFLAGS)
libermsources_a_SOURCES = \
	agent/sources/source.h \
	agent/sources/source_report.c \
	agent/sources/source_report.h
# frr
libermsources_a_SOURCES += \
	agent/sources/frr.c \
	agent/sources/frr.h \
	agent/sources/frr_command.c \
	agent/sources/frr_command.h \
	agent/sources/frr_cycle.c \
	agent/sources/frr_frame.c \
	agent/sources/frr_frame.h \
	agent/sources/frr_json.c \
	agent/sources/frr_json.h \
	agent/sources/frr_pace.c \
	agent/sources/frr_pace.h \
	agent/sources/frr_parse.c \
	agent/sources/frr_parse.h \
	agent/sources/frr_peers.c \
	agent/sources/frr_peers.h \
	agent/sources/frr_route.c \
	agent/sources/frr_route.h \
	agent/sources/frr_routes.c \
	agent/sources/frr_routes.h \
	agent/sources/frr_summary.c \
	agent/sources/frr_summary.h \
	agent/sources/frr_tell.c
# what sources of routers share
libermsources_a_SOURCES += \
	agent/sources/router_child.c \
	agent/sources/router_child.h \
	agent/sources/router_conn.c \
	agent/sources/router_conn.h \
	agent/sources/router_frame.h \
	agent/sources/router_notification.c \
	agent/sources/router_notification.h \
	agent/sources/router_report.c \
	agent/sources/router_report.h \
	agent/sources/router_retry.c \
	agent/sources/router_retry.h \
	agent/sources/router_text.c \
	agent/sources/router_text.h \
	agent/sources/router_timer.c \
	agent/sources/router_timer.h \
	agent/sources/router_watch.c \
	agent/sources/router_watch.h
# bmp
libermsources_a_SOURCES += \
	agent/sources/bmp.c \
	agent/sources/bmp_census.c \
	agent/sources/bmp_census.h \
	agent/sources/bmp_claims.c \
	agent/sources/bmp_claims.h \
	agent/sources/bmp_listen.c \
	agent/sources/bmp_listen.h \
	agent/sources/bmp_log.c \
	agent/sources/bmp_log.h \
	agent/sources/bmp_parse.c \
	agent/sources/bmp_parse.h \
	agent/sources/bmp_router.c \
	agent/sources/bmp_router.h
# rtnl
libermsources_a_SOURCES += \
	agent/sources/rtnl.c \
	agent/sources/rtnl.h \
	agent/sources/rtnl_links.c \
	agent/sources/rtnl_links.h \
	agent/sources/rtnl_pace.c \
	agent/sources/rtnl_pace.h \
	agent/sources/rtnl_parse.c \
	agent/sources/rtnl_parse.h \
	agent/sources/rtnl_query.c \
	agent/sources/rtnl_query.h \
	agent/sources/rtnl_request.c \
	agent/sources/rtnl_request.h \
	agent/sources/rtnl_seen.c \
	agent/sources/rtnl_seen.h \
	agent/sources/rtnl_slots.c \
	agent/sources/rtnl_slots.h \
	agent/sources/rtnl_socket.c \
	agent/sources/rtnl_socket.h
# bird
libermsources_a_SOURCES += \
	agent/sources/bird.c \
	agent/sources/bird_echo.c \
	agent/sources/bird_echo.h \
	agent/sources/bird_parse.c \
	agent/sources/bird_parse.h \
	agent/sources/bird_peers.c \
	agent/sources/bird_peers.h \
	agent/sources/bird_words.c \
	agent/sources/bird_words.h
# sock-diag
libermsources_a_SOURCES += \
	agent/sources/netlink_parse.c \
	agent/sources/netlink_parse.h \
	agent/sources/sockdiag.c \
	agent/sources/sockdiag.h \
	agent/sources/sockdiag_parse.c \
	agent/sources/sockdiag_parse.h \
	agent/sources/sockdiag_round.c \
	agent/sources/sockdiag_round.h \
	agent/sources/sockdiag_sessions.c \
	agent/sources/sockdiag_sessions.h \
	agent/sources/sockdiag_socket.c \
	agent/sources/sockdiag_socket.h
# ethtool: links and the light in their modules
libermsources_a_SOURCES += \
	agent/sources/ethtool.c \
	agent/sources/ethtool.h \
	agent/sources/ethtool_cmis.c \
	agent/sources/ethtool_decode.c \
	agent/sources/ethtool_decode.h \
	agent/sources/ethtool_module.c \
	agent/sources/ethtool_module.h \
	agent/sources/ethtool_parse.c \
	agent/sources/ethtool_parse.h \
	agent/sources/ethtool_query.c \
	agent/sources/ethtool_query.h \
	agent/sources/ethtool_request.c \
	agent/sources/ethtool_request.h \
	agent/sources/ethtool_sff8472.c \
	agent/sources/ethtool_sff8636.c \
	agent/sources/ethtool_thread.c \
	agent/sources/ethtool_thread.h
# neighbor
libermsources_a_SOURCES += \
	agent/sources/neighbor.c \
	agent/sources/neighbor.h \
	agent/sources/neighbor_parse.c \
	agent/sources/neighbor_parse.h \
	agent/sources/neighbor_query.c \
	agent/sources/neighbor_query.h \
	agent/sources/neighbor_table.c \
	agent/sources/neighbor_table.h
# snmp
libermsources_a_SOURCES += \
	agent/sources/snmp_router.c \
	agent/sources/snmp_router_address.c \
	agent/sources/snmp_router_address.h \
	agent/sources/snmp_router_client.c \
	agent/sources/snmp_router_client.h \
	agent/sources/snmp_router_credentials.c \
	agent/sources/snmp_router_credentials.h \
	agent/sources/snmp_router_line.c \
	agent/sources/snmp_router_line.h \
	agent/sources/snmp_router_oid.c \
	agent/sources/snmp_router_oid.h \
	agent/sources/snmp_router_parse.c \
	agent/sources/snmp_router_parse.h \
	agent/sources/snmp_router_rows.c \
	agent/sources/snmp_router_rows.h \
	agent/sources/snmp_router_tell.c \
	agent/sources/snmp_router_tell.h \
	agent/sources/snmp_router_trap.c \
	agent/sources/snmp_router_trap.h
# openbgpd
libermsources_a_SOURCES += \
	agent/sources/openbgpd.c \
	agent/sources/openbgpd.h \
	agent/sources/openbgpd_child.c \
	agent/sources/openbgpd_child.h \
	agent/sources/openbgpd_parse.c \
	agent/sources/openbgpd_parse.h \
	agent/sources/openbgpd_peers.c \
	agent/sources/openbgpd_peers.h
