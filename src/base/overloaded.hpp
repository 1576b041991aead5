// Overloaded: a visitor for std::visit, made of a lambda for each alternative.
#pragma once

namespace gridwall::base {

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace gridwall::base
