-- Een database per onderdeel dat iets bewaart.
CREATE DATABASE manager_directory;
CREATE DATABASE manager_aanbieder;
CREATE DATABASE manager_afnemer;
CREATE DATABASE controller_aanbieder;
CREATE DATABASE controller_afnemer;
CREATE DATABASE txlog_aanbieder;
CREATE DATABASE txlog_afnemer;
