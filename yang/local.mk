# yang_DATA: the modules of ermon; installed in $(yangdir)
