# Run by CPack between installing and packing: what Debian's policy wants of documents.
set(doc "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/meshproof")
set(man "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/man1")
set(root "${CMAKE_CURRENT_LIST_DIR}/..")

# Where Debian's zsh looks for what packages bring.
set(zsh "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/zsh")
file(RENAME "${zsh}/site-functions" "${zsh}/vendor-completions")

# The licence is one of those that every Debian system has.
file(REMOVE "${doc}/LICENSE")
configure_file("${root}/packaging/copyright" "${doc}/copyright" COPYONLY)
configure_file("${root}/packaging/lintian-overrides"
  "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/lintian/overrides/meshproof" COPYONLY)
file(WRITE "${doc}/changelog.Debian"
"meshproof (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) bookworm; urgency=medium

  * Built by CPack; what is new stands in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  Thu, 01 Jan 2026 00:00:00 +0000
")
file(RENAME "${doc}/CHANGELOG.md" "${doc}/changelog")
execute_process(COMMAND gzip -9n "${doc}/changelog" "${doc}/changelog.Debian" "${man}/meshproof.1"
  COMMAND_ERROR_IS_FATAL ANY)
foreach(plugin kubectl-meshproof oc-meshproof)
  file(REMOVE "${man}/${plugin}.1")
  file(CREATE_LINK meshproof.1.gz "${man}/${plugin}.1.gz" SYMBOLIC)
endforeach()
