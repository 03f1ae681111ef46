# Part of `cmake --install`, with PROGRAM and the directories set by Install.cmake: the manual page,
# the completions of three shells, and the names by which kubectl and oc find a plugin and what
# completes its words.
set(root "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")

function(meshproof_write file)
  set(path "${root}/${file}")
  cmake_path(GET path PARENT_PATH folder)
  file(MAKE_DIRECTORY "${folder}")
  message(STATUS "Installing: ${path}")
  execute_process(COMMAND "${PROGRAM}" ${ARGN} --out "${path}" COMMAND_ERROR_IS_FATAL ANY)
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${CMAKE_INSTALL_PREFIX}/${file}")
  set(CMAKE_INSTALL_MANIFEST_FILES "${CMAKE_INSTALL_MANIFEST_FILES}" PARENT_SCOPE)
endfunction()

meshproof_write("${MANDIR}/man1/meshproof.1" man)
meshproof_write("${DATADIR}/bash-completion/completions/meshproof" completion bash)
meshproof_write("${DATADIR}/zsh/site-functions/_meshproof" completion zsh)
meshproof_write("${DATADIR}/fish/vendor_completions.d/meshproof.fish" completion fish)

foreach(link
    "${BINDIR}/kubectl-meshproof=meshproof"
    "${BINDIR}/oc-meshproof=meshproof"
    "${BINDIR}/oc_complete-meshproof=kubectl_complete-meshproof"
    "${MANDIR}/man1/kubectl-meshproof.1=meshproof.1"
    "${MANDIR}/man1/oc-meshproof.1=meshproof.1")
  string(REPLACE "=" ";" link "${link}")
  list(GET link 0 name)
  list(GET link 1 target)
  message(STATUS "Installing: ${root}/${name}")
  file(CREATE_LINK "${target}" "${root}/${name}" SYMBOLIC)
  list(APPEND CMAKE_INSTALL_MANIFEST_FILES "${CMAKE_INSTALL_PREFIX}/${name}")
endforeach()
