#include "solver/namespace_matrix.h"

#include "solver/matrix/matrix_builder.h"
#include "solver/reach_ends.h"

namespace meshproof {

NamespaceMatrix namespace_matrix(const Cluster& cluster) {
  return MatrixBuilder(cluster, outside_blocks(cluster, {})).run();
}

}  // namespace meshproof
