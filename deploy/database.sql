-- The gateways' own role and database. The role may create what the migrations need there, and nothing elsewhere.
CREATE ROLE gateway LOGIN PASSWORD :'password';
CREATE DATABASE tenantry OWNER gateway;
