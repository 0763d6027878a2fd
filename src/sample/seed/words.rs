//! The words that seeded names are put together from.

use crate::domain::codes::Category;

/// Zones of seeded organizations and people, from the first to the last Monday morning on Earth.
pub const ZONES: [&str; 24] = [
    "Pacific/Auckland",
    "Australia/Sydney",
    "Asia/Tokyo",
    "Asia/Singapore",
    "Asia/Jakarta",
    "Asia/Dhaka",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Karachi",
    "Asia/Dubai",
    "Africa/Nairobi",
    "Europe/Helsinki",
    "Africa/Johannesburg",
    "Europe/Berlin",
    "Africa/Lagos",
    "Europe/London",
    "Atlantic/Azores",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Pacific/Honolulu",
];

/// Currencies, the frequent ones more than once.
pub const CURRENCIES: [&str; 10] =
    ["USD", "USD", "USD", "EUR", "EUR", "GBP", "CAD", "AUD", "JPY", "KWD"];

/// First words of organizations.
pub const FIRST: [&str; 24] = [
    "Alder", "Birch", "Cobalt", "Delta", "Elm", "Falcon", "Granite", "Harbour", "Indigo",
    "Juniper", "Keel", "Larch", "Meridian", "North", "Orchard", "Pine", "Quarry", "River", "Slate",
    "Timber", "Upland", "Vale", "Willow", "Yarrow",
];

/// Second words of organizations.
pub const SECOND: [&str; 16] = [
    "Supply", "Foods", "Dental", "Freight", "Pumps", "Print", "Clinics", "Textiles", "Glass",
    "Care", "Motors", "Tools", "Paper", "Marine", "Bakeries", "Optics",
];

/// First names of people.
pub const GIVEN: [&str; 20] = [
    "Ada", "Bo", "Chen", "Dina", "Eli", "Fatou", "Goran", "Hana", "Ines", "Jonas", "Kofi", "Lena",
    "Marta", "Nils", "Ola", "Priya", "Rosa", "Sami", "Tove", "Yuki",
];

/// Family names of people.
pub const FAMILY: [&str; 20] = [
    "Adler", "Brandt", "Costa", "Dahl", "Eriksen", "Farouk", "Gomez", "Hale", "Ito", "Jensen",
    "Kaur", "Lund", "Mbeki", "Novak", "Okafor", "Petrov", "Quist", "Rossi", "Singh", "Tran",
];

/// What a gap is about, in any area; the short name.
pub const THINGS: [&str; 15] = [
    "Price list",
    "Approval list",
    "Weekly report",
    "Exception queue",
    "Master file",
    "Cut-off rule",
    "Correction log",
    "Hand-over sheet",
    "Payment run",
    "Credit limits",
    "Vendor bank details",
    "Rate table",
    "Month-end pack",
    "Open orders",
    "Duplicate check",
];

/// How a title goes on after the thing.
pub const fn fault(category: Category) -> &'static str {
    match category {
        Category::Undocumented => "is worked from memory",
        Category::NoSource => "exists in several versions",
        Category::ApprovalMemory => "waits for one person",
        Category::OwnerHabit => "has no named owner",
        Category::ReportMismatch => "shows other figures than used",
    }
}

/// Implementations: kind and name.
pub const IMPLEMENTATIONS: [(&str, &str); 6] = [
    ("erp", "ERP cutover"),
    ("close", "Close automation"),
    ("billing", "Billing system"),
    ("automation", "Order platform"),
    ("offshoring", "Shared services"),
    ("other", "Payroll platform"),
];
