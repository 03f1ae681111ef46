#pragma once

#include <string>

#include "model/isolation_report.h"

/// The chapters of the page, each as markup; empty where there is nothing to say.
namespace meshproof::html {

[[nodiscard]] std::string scope_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string verdict_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string mesh_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string matrix_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string graph_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string change_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string finding_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string exception_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string risk_chapter(const IsolationReport& isolation);
[[nodiscard]] std::string control_chapter(const IsolationReport& isolation);

}  // namespace meshproof::html
