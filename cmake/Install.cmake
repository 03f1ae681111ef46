# What `cmake --install` puts where, and the Debian package of it (`cpack -G DEB`).
include(GNUInstallDirs)
set(CMAKE_INSTALL_DOCDIR "${CMAKE_INSTALL_DATAROOTDIR}/doc/meshproof")

install(TARGETS meshproof)
install(PROGRAMS cli/completion/kubectl_complete-meshproof TYPE BIN)
install(FILES README.md CHANGELOG.md LICENSE TYPE DOC)
install(DIRECTORY scenarios/library DESTINATION "${CMAKE_INSTALL_DATADIR}/meshproof")
install(DIRECTORY docs DESTINATION "${CMAKE_INSTALL_DOCDIR}" FILES_MATCHING
  REGEX "\\.(md|ya?ml|sh|png)$")

# The program writes its own manual page and completions, so that they are those of what is
# installed; and it is the plugin of kubectl and oc by other names.
install(CODE "set(PROGRAM \"$<TARGET_FILE:meshproof>\")
set(BINDIR \"${CMAKE_INSTALL_BINDIR}\")
set(DATADIR \"${CMAKE_INSTALL_DATADIR}\")
set(MANDIR \"${CMAKE_INSTALL_MANDIR}\")")
install(SCRIPT cmake/InstallDocuments.cmake)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME meshproof)
set(CPACK_PACKAGE_VENDOR meshproof)
set(CPACK_PACKAGE_CONTACT "meshproof maintainers <maintainers@meshproof.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "what an edit of a ServiceMeshMemberRoll does to a cluster")
set(CPACK_PACKAGE_DESCRIPTION
"Before anybody touches an OpenShift cluster: if a ServiceMeshMemberRoll is
edited, what will the mesh write, who can then reach whom, and is isolation
kept? meshproof reads manifests, dumps or a live cluster, plays the edit, and
decides every flow as OpenShift SDN, OVN-Kubernetes or Kubernetes would.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "kubernetes-client, graphviz")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
# What Debian's policy wants and an installation by hand does not need.
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/PackageDocuments.cmake")
include(CPack)
