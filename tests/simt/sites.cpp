#include "simt/sites.hpp"

#include <string_view>

namespace ppo::simt {
namespace {

SIMT_UNWATCHED bool same_text(const char* a, const char* b) {
  for (; *a == *b; ++a, ++b) {
    if (*a == 0) return true;
  }
  return false;
}

/// `site` is in that line, and its file is `path` or the end of it from a '/' on.
bool names(const CallSite& site, std::string_view path, unsigned line) {
  if (line != site.line || !path.ends_with(site.file)) return false;
  return path.size() == site.file.size() || path[path.size() - site.file.size() - 1] == '/';
}

}  // namespace

SIMT_UNWATCHED Site* SiteTable::add(Key& key, Where where, Call call) {
  int i = 0;
  while (i < size_ &&
         !(sites_[i].line == where.line && sites_[i].call == call && same_text(sites_[i].file, where.file))) {
    ++i;
  }
  if (i == kMaxSites || num_keys_ == kMaxKeys) return nullptr;
  Site& site = sites_[i];
  if (i == size_) {
    site.file = where.file;
    site.line = where.line;
    site.call = call;
    site.removed = removed_ && names(*removed_, where.file, where.line);
    ++size_;
  }
  ++num_keys_;
  key.file = where.file;
  key.place = place_of(where, call);
  key.site = &site;
  ++site.calls;
  return &site;
}

}  // namespace ppo::simt
