#include "state/symbols.hpp"

#include "base/hash.hpp"

namespace gridwall::state {

Symbols::Symbols() : m_texts(std::make_shared<std::vector<std::string>>()) {
  intern("");
  intern("…");
}

Symbol Symbols::intern(std::string_view text) {
  const auto found = m_symbols.find(text);
  if (found != m_symbols.end()) return found->second;
  if (m_hashes.size() >= kSymbolsMax) {
    ++m_overflow_count;
    return kOtherSymbol;
  }
  if (m_given_out) {
    m_texts = std::make_shared<std::vector<std::string>>(*m_texts);
    m_given_out = false;
  }
  const auto symbol = static_cast<Symbol>(m_hashes.size());
  m_texts->emplace_back(text);
  m_hashes.push_back(base::hash_bytes(text));
  m_symbols.emplace(std::string(text), symbol);
  return symbol;
}

Symbol Symbols::find(std::string_view text) const {
  const auto found = m_symbols.find(text);
  return found == m_symbols.end() ? kNoSymbol : found->second;
}

}  // namespace gridwall::state
