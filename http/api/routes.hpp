#pragma once
// One function a resource, each giving its rows of the table. `s` must outlive
// them. Internal to http/api.

#include "http/api/services.hpp"

namespace zhiku::http {

route_table callback_routes(services& s);
route_table oauth_routes(services& s);
route_table identity_routes(services& s);
route_table login_routes(services& s);
route_table session_routes(services& s);
route_table staff_login_routes(services& s);
route_table login_ticket_routes(services& s);
route_table jssdk_routes(services& s);
route_table pool_routes(services& s);
route_table draft_routes(services& s);
route_table application_routes(services& s);
route_table exam_routes(services& s);
route_table expert_routes(services& s);
route_table review_routes(services& s);
route_table office_routes(services& s);
route_table notification_routes(services& s);
route_table sms_report_routes(services& s);
route_table operation_routes(services& s);
route_table page_routes(services& s);

/// All of the above, and the two that describe them.
route_table all_routes(services& s);

} // namespace zhiku::http
