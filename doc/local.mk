dist_man_MANS += doc/man/ermond.8
dist_doc_DATA += README.md NEWS COPYING doc/ARCHITECTURE.md doc/DEPENDENCIES.md
dist_man_MANS += doc/man/ermond.conf.5
dist_man_MANS += doc/man/ermonctl.1
dist_man_MANS += doc/man/ERMON-MIB.7
dist_man_MANS += doc/man/ermon-netconf.8
