#include "gfx/shader_source.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/text_file.hpp"

namespace gridwall::gfx {

namespace {

constexpr std::size_t kFileCountMax = 32;

// The name between the quotes of an include line; empty: another line.
std::string_view included_name(std::string_view line) {
  constexpr std::string_view kWord = "#include";
  const std::size_t start = line.find_first_not_of(" \t");
  if (start == std::string_view::npos || line.substr(start, kWord.size()) != kWord) return {};
  const std::size_t open = line.find('"', start);
  const std::size_t close = open == std::string_view::npos ? open : line.find('"', open + 1);
  return close == std::string_view::npos ? std::string_view{} : line.substr(open + 1, close - open - 1);
}

base::Status append_file(ShaderSource& source, const std::filesystem::path& folder, const std::string& name,
                         const std::string& wanted_by) {
  const std::filesystem::path path = folder / name;
  if (std::find(source.files.begin(), source.files.end(), path) != source.files.end()) return {};
  if (source.files.size() >= kFileCountMax) {
    return base::Error{base::ErrorCode::Malformed, fmt::format("{}: more than {} files.", wanted_by, kFileCountMax)};
  }
  auto text = base::read_text_file(path, 1u << 20);
  if (!text.ok()) {
    return base::Error{text.error().code, fmt::format("{}: {}", wanted_by, text.error().message)};
  }
  const std::size_t number = source.files.size();
  source.files.push_back(path);
  if (number > 0) source.text += fmt::format("#line 1 {}\n", number);
  std::size_t line_number = 0;
  for (std::size_t begin = 0; begin < text->size();) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    const std::string_view line = std::string_view(*text).substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (const std::string_view include = included_name(line); !include.empty()) {
      TRY(append_file(source, folder, std::string(include), fmt::format("{}:{}", path.string(), line_number)));
      source.text += fmt::format("#line {} {}\n", line_number + 1, number);
    } else {
      source.text.append(line).push_back('\n');
    }
  }
  return {};
}

// Reads "F:L" or "F(L)" at the start of `line`; how many characters it took, or 0.
std::size_t read_place(std::string_view line, std::size_t& file, std::size_t& line_number) {
  const char* end = line.data() + line.size();
  const auto [after_file, file_error] = std::from_chars(line.data(), end, file);
  if (file_error != std::errc{} || after_file == end || (*after_file != ':' && *after_file != '(')) return 0;
  auto [after_line, line_error] = std::from_chars(after_file + 1, end, line_number);
  if (line_error != std::errc{}) return 0;
  // Mesa adds the column in brackets, NVIDIA closes its own.
  if (*after_file == '(' && after_line != end && *after_line == ')') ++after_line;
  if (*after_file == ':' && after_line != end && *after_line == '(') after_line = std::find(after_line, end, ')') + 1;
  return static_cast<std::size_t>(std::min(after_line, end) - line.data());
}

}  // namespace

std::string ShaderSource::name_files(std::string_view compiler_log) const {
  std::string out;
  for (std::size_t begin = 0; begin < compiler_log.size();) {
    const std::size_t end = std::min(compiler_log.find('\n', begin), compiler_log.size());
    std::string_view line = compiler_log.substr(begin, end - begin);
    begin = end + 1;
    while (!line.empty() && (line.back() == '\0' || std::isspace(static_cast<unsigned char>(line.back())) != 0)) {
      line.remove_suffix(1);
    }
    if (line.empty()) continue;
    std::size_t file = 0;
    std::size_t line_number = 0;
    const std::size_t taken = read_place(line, file, line_number);
    if (!out.empty()) out.push_back('\n');
    if (taken > 0 && file < files.size()) {
      line.remove_prefix(taken);
      line.remove_prefix(std::min(line.find_first_not_of(": "), line.size()));
      out += fmt::format("{}:{}: {}", files[file].string(), line_number, line);
    } else {
      out.append(line);
    }
  }
  return out;
}

base::Result<ShaderSource> load_shader_source(const std::filesystem::path& folder, const std::string& file) {
  ShaderSource source;
  TRY(append_file(source, folder, file, "shader " + file));
  return source;
}

}  // namespace gridwall::gfx
